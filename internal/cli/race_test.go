//go:build race

package cli

// raced says that the race detector runs, with which each case takes ten times as long. Tests that only compute, over
// many cases, are left to scripts/test's second run, which is without it.
const raced = true
