package bridge

import (
	"context"
	"runtime"
	"runtime/metrics"
	"time"
)

// Garbage is collected when the heap has used half of its room, looked at every collectTick.
// The runtime itself begins at 70 % at the earliest (runtime/mgcpacer.go, triggerRatioMin).
const (
	collectTick = 50 * time.Millisecond
	collectAt   = 0.5
)

// collect begins each collection of garbage before the runtime would. The runtime has it begun
// by whoever allocates at that moment, who then works for it before anything else: that made
// sound and cuts 2 to 3 ms late, with one processor. Begun here, it runs in the time that
// nobody else needs. It returns when the context ends.
func collect(ctx context.Context) {
	tick := time.NewTicker(collectTick)
	defer tick.Stop()
	heap := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/goal:bytes"}, {Name: "/memory/classes/heap/objects:bytes"}}
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		metrics.Read(heap)
		live, goal, now := float64(heap[0].Value.Uint64()), float64(heap[1].Value.Uint64()), float64(heap[2].Value.Uint64())
		if now > live+(goal-live)*collectAt {
			runtime.GC()
		}
	}
}
