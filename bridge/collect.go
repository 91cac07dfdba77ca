package bridge

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Garbage is collected when the heap has used half of its room, looked at every collectTick.
// The runtime itself begins at 70 % at the earliest (runtime/mgcpacer.go, triggerRatioMin).
// When the last call has been over for quietAfter, what calls needed goes back to the system.
const (
	collectTick = 50 * time.Millisecond
	collectAt   = 0.5
	quietAfter  = 30 * time.Second
)

// collect begins each collection of garbage before the runtime would. The runtime has it begun
// by whoever allocates at that moment, who then works for it before anything else: that made
// sound and cuts 2 to 3 ms late, with one processor. Begun here, it runs in the time that
// nobody else needs. It returns when the context ends. live counts the calls.
func collect(ctx context.Context, live func() int) {
	tick := time.NewTicker(collectTick)
	defer tick.Stop()
	var called time.Time // when a call was live; zero since what calls needed was given back
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/goal:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(heap)
		lives, goal, now := float64(heap[0].Value.Uint64()), float64(heap[1].Value.Uint64()), float64(heap[2].Value.Uint64())
		if now > lives+(goal-lives)*collectAt {
			runtime.GC()
		}
		switch {
		case live() > 0:
			called = time.Now()
		case !called.IsZero() && time.Since(called) > quietAfter:
			debug.FreeOSMemory()
			called = time.Time{}
		}
	}
}
