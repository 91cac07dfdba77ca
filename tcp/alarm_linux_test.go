//go:build !386

package tcp

import (
	"runtime"
	"slices"
	"testing"
	"time"
)

// list is what a collector has to follow piece by piece.
type list struct{ next *list }

// The loop's sleep ends in time while the garbage is collected by an idle processor. The
// runtime's own sleep doesn't, which is why there is an alarm: should this test say that it
// does, the alarm can go.
func TestAlarmRingsWhileGarbageIsCollected(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var heap *list
	for range 4_000_000 {
		heap = &list{heap}
	}
	defer runtime.KeepAlive(heap)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			default:
				runtime.GC()
			}
		}
	}()
	a, err := newAlarm()
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	slow := func(sleep func()) time.Duration {
		var took []time.Duration
		for range 100 {
			start := time.Now()
			sleep()
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		return took[len(took)*19/20]
	}
	alarm := slow(func() {
		if err := a.sleep(); err != nil {
			t.Fatal(err)
		}
	})
	runtimes := slow(func() { time.Sleep(tick) })
	close(end)
	<-ended
	t.Logf("of %v: the alarm's sleep took %v, the runtime's %v", tick, alarm, runtimes)
	if alarm > runtimes/2 {
		t.Errorf("a sleep of %v takes %v by the alarm and %v by the runtime", tick, alarm, runtimes)
	}
}
