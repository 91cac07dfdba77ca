package call

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
)

// Whatever a voice's event is, it counts: also a turn that has no words yet, and what the voice
// felt about its own.
func TestEachKindOfEventHasItsBudget(t *testing.T) {
	t.Parallel()
	felt := map[string]float64{}
	for i := range 65 {
		felt[fmt.Sprint("e", i)] = float64(i)
	}
	for name, test := range map[string]struct {
		does   []agent.Event
		budget agent.Budget
		over   bool
	}{
		"a turn's name": {times(1, func(int) agent.Event { return agent.CallerTurn{Turn: strings.Repeat("a", 64<<10+1)} }), agent.BudgetMessage, false},
		"turns":         {times(43, func(i int) agent.Event { return agent.CallerTurn{Turn: fmt.Sprint("t", i)} }), agent.BudgetEntriesMinute, true},
		"words felt":    {times(1, func(int) agent.Event { return agent.AgentSaid{Segment: "a", Text: "Hello.", Emotions: felt} }), agent.BudgetEmotions, false},
		"felt later":    {times(3, func(int) agent.Event { return agent.AgentFelt{Segment: "a", Emotions: felt} }), agent.BudgetEmotions, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			for _, ev := range test.does {
				h.does(ev)
			}
			if notes := overNotes(h.written(t)); len(notes) != 1 || !strings.Contains(notes[0], " "+string(test.budget)+";") || h.done != test.over {
				t.Errorf("the notes are %q, and over: %t", notes, h.done)
			}
		})
	}
}
