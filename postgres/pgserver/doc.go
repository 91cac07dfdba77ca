// Package pgserver runs a private Postgres server, for machines where nobody has set one up.
//
// StartPrivate finds the binaries of this machine, makes a database in a folder if there is
// none, and starts a server for it that this process alone uses and that ends with it
// (private.go, server.go, stale.go). As root the server runs as another user (account.go, home.go).
// Its two roles are package postgres's; their passwords are files of the folder (privateroles.go).
//
// No error of this package repeats a password.
package pgserver
