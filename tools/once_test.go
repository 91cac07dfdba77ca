package tools

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOnceIsTrueOnce(t *testing.T) {
	var once Once
	for i, test := range []struct {
		id   string
		want bool
	}{{"call_1", true}, {"call_1", false}, {"call_2", true}, {"call_1", false}, {"", true}, {"", false}} {
		if got := once.First(test.id); got != test.want {
			t.Errorf("step %d: First(%q) is %v, want %v", i, test.id, got, test.want)
		}
	}
}

func TestOnceForgetsTheOldest(t *testing.T) {
	var once Once
	for i := range 3*onceSize + 7 {
		if !once.First(strconv.Itoa(i)) {
			t.Fatalf("%d comes for the first time", i)
		}
		if oldest := i - onceSize + 1; oldest >= 0 && once.First(strconv.Itoa(oldest)) {
			t.Fatalf("%d is forgotten after %d", oldest, i)
		}
	}
	if len(once.seen) != onceSize || len(once.ring) != onceSize {
		t.Errorf("%d ids and %d places are kept, want %d", len(once.seen), len(once.ring), onceSize)
	}
	if !once.First("0") {
		t.Error("the first id is still remembered")
	}
}

func TestOnceFromManyGoroutines(t *testing.T) {
	var (
		once  Once
		wait  sync.WaitGroup
		first atomic.Int32
	)
	for range 32 {
		wait.Go(func() {
			if once.First("call_1") {
				first.Add(1)
			}
		})
	}
	wait.Wait()
	if first.Load() != 1 {
		t.Errorf("%d goroutines were first, want 1", first.Load())
	}
}
