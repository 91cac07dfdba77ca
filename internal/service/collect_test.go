package service

import (
	"context"
	"math"
	"runtime/metrics"
	"testing"
	"testing/synctest"
	"time"
)

var garbage []byte

// Who allocates finds that the garbage is collected by somebody else: collections are asked for.
func TestGarbageIsCollectedBeforeItMustBe(t *testing.T) {
	ctx, end := context.WithTimeout(t.Context(), time.Minute)
	ended := make(chan struct{})
	go func() { collect(ctx, func() int { return 0 }); close(ended) }()
	forced := func() uint64 {
		s := []metrics.Sample{{Name: "/gc/cycles/forced:gc-cycles"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	for before := forced(); forced() < before+3; {
		if ctx.Err() != nil {
			t.Fatal("nobody asked for a collection")
		}
		garbage = make([]byte, 4<<10)
	}
	end()
	<-ended
}

// A minute after the calls their memory is the system's again.
func TestMemoryOfCallsIsGivenBack(t *testing.T) {
	released := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/released:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	garbage = make([]byte, 64<<20)
	for i := range garbage {
		garbage[i] = 1
	}
	garbage = nil
	before := released()
	synctest.Test(t, func(t *testing.T) {
		ctx, end := context.WithCancel(t.Context())
		calls := 1
		go collect(ctx, func() int { calls--; return max(calls+1, 0) }) // one call, at the first look
		time.Sleep(quietAfter + 2*collectTick)
		synctest.Wait()
		end()
	})
	if after := released(); after < before+32<<20 {
		t.Errorf("%d MiB were the system's before, %d are after", before>>20, after>>20)
	}
}

// A heap at its memory limit is the runtime's to collect: we would do it twenty times a second.
func TestDueToCollect(t *testing.T) {
	const mb = 1 << 20
	for _, c := range []struct {
		live, goal, now uint64
		want            bool
	}{{10 * mb, 12 * mb, 11*mb + 1, true}, {10 * mb, 12 * mb, 11 * mb, false}, {0, 4 * mb, 3 * mb, true},
		{10 * mb, 10*mb + 1000, 10*mb + 900, false}, {10 * mb, 9 * mb, 10 * mb, false}, {10 * mb, math.MaxUint64, 900 * mb, false}} {
		if got := dueToCollect(c.live, c.goal, c.now); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
