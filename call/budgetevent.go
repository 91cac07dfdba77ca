package call

import (
	"cmp"
	"maps"
	"slices"

	"github.com/patchcord/patchcord/agent"
)

// weight is how much of an event is of the voice's own making, in bytes, without sound.
func weight(ev agent.Event) int {
	switch ev := ev.(type) {
	case agent.AgentSaid:
		return len(ev.Segment) + len(ev.Text)
	case agent.CallerSaid:
		return len(ev.Turn) + len(ev.Text)
	case agent.CallerTurn:
		return len(ev.Turn)
	case agent.ToolCall:
		return len(ev.ID) + len(ev.Name) + len(ev.Arguments)
	case agent.Failed:
		return len(ev.Code) + len(ev.Slug)
	default:
		return len(segmentOf(ev))
	}
}

// segmentOf is the segment that an event is about; empty for none.
func segmentOf(ev agent.Event) string {
	switch ev := ev.(type) {
	case agent.Audio:
		return ev.Segment
	case agent.SegmentEnd:
		return ev.Segment
	case agent.AgentSaid:
		return ev.Segment
	case agent.AgentFelt:
		return ev.Segment
	default:
		return ""
	}
}

// entered tells whether an event makes a line of the log.
func (s *stream) entered(ev agent.Event) bool {
	switch ev := ev.(type) {
	case agent.Audio:
		return s.segments[ev.Segment] == nil && s.stale[ev.Segment] == nil
	case agent.AgentSaid:
		return s.segments[ev.Segment] == nil && s.stale[ev.Segment] == nil
	case agent.CallerTurn:
		t := s.turns.find(ev.Turn)
		return t == nil || t.entry.Seq == 0
	case agent.CallerSaid:
		return ev.Turn == "" && ev.Text != "" && !ev.Interim && !ev.Failed && !ev.Typed
	case agent.Failed:
		return true
	default:
		return false
	}
}

// feel drops the weakest of too many emotions.
func feel(ev agent.Event, most int) (agent.Event, agent.Budget) {
	var over agent.Budget
	strongest := func(all map[string]float64) map[string]float64 {
		if len(all) <= most {
			return all
		}
		over = agent.BudgetEmotions
		names := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
			return cmp.Or(cmp.Compare(all[b], all[a]), cmp.Compare(a, b))
		})
		kept := map[string]float64{}
		for _, n := range names[:most] {
			kept[n] = all[n]
		}
		return kept
	}
	switch e := ev.(type) {
	case agent.CallerSaid:
		e.Emotions = strongest(e.Emotions)
		return e, over
	case agent.AgentSaid:
		e.Emotions = strongest(e.Emotions)
		return e, over
	case agent.AgentFelt:
		e.Emotions = strongest(e.Emotions)
		return e, over
	default:
		return ev, over
	}
}
