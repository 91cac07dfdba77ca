package bridge

import (
	"context"
	"runtime/metrics"
	"testing"
)

var garbage []byte

// Who allocates finds that the garbage is collected by somebody else: collections are asked for.
func TestGarbageIsCollectedBeforeItMustBe(t *testing.T) {
	ctx, end := context.WithCancel(with(t))
	ended := make(chan struct{})
	go func() { collect(ctx); close(ended) }()
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
