// Package archtest has no code, only tests. They hold the direction of imports:
// which package of ours may know which, straight from the source files, so that
// files for another system or without cgo count too. The table is depguard's in
// .golangci.yaml, which has a reason for each rule, and every package must have
// a rule there; what may be needed indirectly is in map_test.go. They also hold
// that nothing but a carrier's Place, with a permit, can have a telephone ring.
package archtest
