//go:build !race

package optout_test

const everyNth = 1 // all cases
