//go:build race

package table

// everyNth thins cases out: the race detector makes each ten times as long, and what it looks for is the same in all of
// them. scripts/test runs this package a second time, without the detector and with every case.
const everyNth = 20
