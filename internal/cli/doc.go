// Package cli is the commands of the program, one file each: bridge consent import is in consent_import.go. A
// command reads its arguments, asks a running service, the database or a package of ours, and prints; what it
// prints passes [github.com/patchcord/patchcord/internal/plain].
//
// The tests here run whole commands, many of them against a service in the same process that a simulated Twilio
// calls.
package cli
