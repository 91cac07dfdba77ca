package service

import (
	"os"
	"runtime"
	"runtime/debug"
)

// heapGrowth is how far the heap may grow over what lives, in percent, before
// it is collected. A bridge's live heap is small and its garbage cheap: a fifth
// of Go's usual costs no time that can be measured and half of the memory of
// each call. GOGC in the environment overrides it.
const heapGrowth = 20

func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(heapGrowth)
	}
}

// forgetStart gives back to the system what starting needed and serving does
// not: Go would keep most of it for minutes. What lies in pools, such as the 8 MiB in
// which the migrations were read, outlives one collection.
func forgetStart() {
	runtime.GC()
	debug.FreeOSMemory()
	_ = forgetLibraries() // where the system hides its maps, a little more memory is in use
}
