package service

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
	collectRoom = 512 << 10 // bytes; with less (GOMEMLIMIT is near) it would be collected at every look
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
		if dueToCollect(heap[0].Value.Uint64(), heap[1].Value.Uint64(), heap[2].Value.Uint64()) {
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

// dueToCollect tells whether a heap, of which so many bytes live, has used half of the room up to
// its goal. Where there is next to no room, the runtime knows better, which bounds its own work.
func dueToCollect(live, goal, now uint64) bool {
	room := float64(goal) - float64(live)
	return room >= collectRoom && float64(now) > float64(live)+room*collectAt
}
