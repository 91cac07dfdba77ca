package tcp

import (
	"testing"
	"time"
)

func TestDeadlinesThatCount(t *testing.T) {
	begin := time.Now()
	var d deadline
	for i, step := range []struct {
		at     time.Time
		counts bool
	}{
		{begin, true},
		{begin, false},
		{begin.Add(slack - 1), false},
		{begin.Add(slack), true}, // they add up
		{begin.Add(slack - 1), true},
		{time.Time{}, true},
		{begin, true},
		{time.Unix(1, 0), true},
		{begin.Add(time.Hour), true},
	} {
		counted := false
		d.set(step.at, func(time.Time) error { counted = true; return nil })
		if counted != step.counts {
			t.Errorf("step %d: reached the runtime: %v", i, counted)
		}
	}
}
