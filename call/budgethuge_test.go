//go:build !race

package call

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// Sixty texts of 1 MB and five of 8 MB cost nothing, whatever they are, and the loop goes on. As
// long as may be, a text stops it only for moments.
func TestHugeTexts(t *testing.T) {
	make := []func(text string) agent.Event{
		func(s string) agent.Event { return agent.CallerSaid{Text: s} },
		func(s string) agent.Event { return agent.CallerSaid{Text: s, Interim: true} },
		func(s string) agent.Event { return agent.AgentSaid{Segment: "a", Text: s} },
		func(s string) agent.Event { return agent.ToolCall{ID: "t", Name: "n", Arguments: s} },
		func(s string) agent.Event { return agent.Failed{Code: "E1", Slug: s} },
	}
	measure := func(n int, text string) (longest time.Duration, bytes uint64) {
		var before, after runtime.MemStats
		for _, of := range make {
			h := newHand(t, Limits{}, nil)
			runtime.ReadMemStats(&before)
			for i := 0; i < n && !h.done; i++ {
				start := time.Now()
				h.does(of(text))
				longest = max(longest, time.Since(start))
			}
			runtime.ReadMemStats(&after)
			bytes = max(bytes, after.TotalAlloc-before.TotalAlloc)
		}
		return longest, bytes
	}
	words := func(n int) string { return strings.Repeat("please stop, or don't call me back. ", n/36) }
	for name, text := range map[string]string{"1 MB": words(1 << 20), "8 MB": words(8 << 20)} {
		longest, bytes := measure(60, text)
		t.Logf("texts of %s: the loop's longest stall is %v, %d KiB are allocated", name, longest, bytes>>10)
		if longest > 100*time.Millisecond || bytes > 1<<20 {
			t.Errorf("texts of %s: %v, %d bytes", name, longest, bytes)
		}
	}
	worst := time.Duration(0)
	for _, of := range make {
		h, quickest := newHand(t, Limits{}, nil), time.Hour // the scheduler's pauses aren't the loop's
		for range 5 {
			start := time.Now()
			h.does(of(words(64<<10 - 100)))
			quickest = min(quickest, time.Since(start))
		}
		worst = max(worst, quickest)
	}
	t.Logf("texts of 64 KiB stop the loop for %v", worst)
	if worst > 200*time.Millisecond {
		t.Errorf("a text of 64 KiB stops the loop for %v", worst)
	}
}
