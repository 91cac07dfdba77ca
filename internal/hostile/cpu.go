package hostile

import (
	"syscall"
	"time"
)

// CPU is how long this process has computed since it began. What an input costs is a difference of two, in
// a test beside which none runs: the clock on the wall says how busy the machine is.
func CPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic("hostile: internal error: " + err.Error())
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
