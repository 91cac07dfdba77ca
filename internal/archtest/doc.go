// Package archtest has no code, only tests. They hold the direction of imports:
// which package of ours may know which, straight from the source files, so that
// files for another system or without cgo count too. The table is in map_test.go;
// the lint rules of .golangci.yaml say the same, with a reason for each, and a
// test here keeps the two equal. They also hold that nothing but call.Dialer can have a
// telephone ring.
package archtest
