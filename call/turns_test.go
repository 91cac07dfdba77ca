package call

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// Where the caller's turns are in the log, whenever their words come. A line of the agent's
// is made by its text.
func TestTurnsInTheLog(t *testing.T) {
	t.Parallel()
	turn := func(id string) agent.CallerTurn { return agent.CallerTurn{Turn: id} }
	said := func(id, text string) agent.CallerSaid { return agent.CallerSaid{Turn: id, Text: text} }
	one, two := agent.AgentSaid{Segment: "a1", Text: "One."}, agent.AgentSaid{Segment: "a2", Text: "Two."}
	for name, c := range map[string]struct {
		events []agent.Event
		want   []string
	}{
		"after the answer":     {[]agent.Event{turn("u1"), one, said("u1", "First?")}, []string{"First?", "One."}},
		"in the wrong order":   {[]agent.Event{turn("u1"), one, turn("u2"), two, said("u2", "Second?"), said("u1", "First?")}, []string{"First?", "One.", "Second?", "Two."}},
		"before the turn":      {[]agent.Event{said("u1", "First?"), one, turn("u1"), two}, []string{"One.", "First?", "Two."}},
		"and no turn follows":  {[]agent.Event{said("u1", "First?"), one}, []string{"One.", "First?"}},
		"twice":                {[]agent.Event{turn("u1"), said("u1", "First?"), one, said("u1", "First!")}, []string{"First?", "One."}},
		"the turn twice":       {[]agent.Event{turn("u1"), one, turn("u1"), said("u1", "First?")}, []string{"First?", "One."}},
		"never":                {[]agent.Event{turn("u1"), one}, []string{"One."}},
		"empty":                {[]agent.Event{turn("u1"), said("u1", ""), one}, []string{"One."}},
		"failed":               {[]agent.Event{turn("u1"), agent.CallerSaid{Turn: "u1", Failed: true}, one}, []string{"One."}},
		"failed, and then not": {[]agent.Event{turn("u1"), agent.CallerSaid{Turn: "u1", Failed: true}, one, said("u1", "First?")}, []string{"First?", "One."}},
		"without turns":        {[]agent.Event{agent.CallerSaid{Text: "First?"}, one, agent.CallerSaid{Text: "First?"}}, []string{"First?", "One.", "First?"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			for _, ev := range c.events {
				h.pass(legtest.Ms(100))
				h.does(ev)
			}
			h.c.turns.unplaced(&h.c.journal, h.now)
			var got []string
			for _, e := range h.written(t) {
				got = append(got, e.Text)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the log has %q, want %q", got, c.want)
			}
		})
	}
}

// What was said first is remembered first, with what it answered, though its text comes last.
func TestWordsInOrderOfTurns(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.AgentSaid{Segment: "a", Text: "Which day?"})
	h.does(agent.CallerTurn{Turn: "u1"})
	h.pass(time.Second)
	h.does(agent.AgentSaid{Segment: "b", Text: "At what time?"})
	h.does(agent.CallerTurn{Turn: "u2"})
	h.pass(time.Second)
	h.does(agent.CallerSaid{Turn: "u2", Text: "Three."})
	h.does(agent.CallerSaid{Turn: "u1", Text: "Monday."})
	if got := fmt.Sprint(h.c.wishes.words(h.now), " | ", h.c.wishes.utterances[0].after, " | ", h.c.wishes.last().after); got != "Monday.\nThree. | Which day? | At what time?" {
		t.Errorf("remembered as %q", got)
	}
	if !h.c.spokeSinceCaller {
		h.does(agent.AgentSaid{Segment: "c", Text: "Thank you."})
	}
	h.does(agent.CallerSaid{Turn: "u3", Text: "Bye."})
	if h.c.spokeSinceCaller {
		t.Error("the agent has spoken since the caller's last words")
	}
}

// Late words leave the agent's goodbye what it is: said since the caller's last turn.
func TestLateWordsAreNoNewTurn(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.CallerTurn{Turn: "u1"})
	h.does(agent.AgentSaid{Segment: "a", Text: "Goodbye."})
	h.does(agent.CallerSaid{Turn: "u1", Text: "That's all."})
	if !h.c.spokeSinceCaller {
		t.Error("late words are taken for a new turn")
	}
}

// The words of a refusal count though the agent has repeated them before they came: they
// are no echo of what was not yet heard.
func TestLateRefusalIsNoEcho(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.pass(time.Second)
	h.does(agent.CallerTurn{Turn: "u1"})
	said := h.now
	h.pass(legtest.Ms(300))
	h.does(agent.AgentSaid{Segment: "a", Text: "You want us to stop calling you, and never call you again."})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(3000, 1)})
	h.pass(legtest.Ms(500))
	text := "Stop calling me and never call me again."
	if !h.c.echoes("You want us to stop calling you, and never call you again.", h.c.journal.head.Opening, h.now) || h.c.echoes("You want us to stop calling you, and never call you again.", h.c.journal.head.Opening, said) {
		t.Error("an echo is known by what played when it was said")
	}
	h.does(agent.CallerSaid{Turn: "u1", Text: text})
	if h.c.stated.before.text != text || !h.c.stated.before.at.Equal(said) {
		t.Errorf("remembered as %+v", h.c.stated.before)
	}
}

// A refusal that is cut in two turns is one, whichever half is recognized first.
func TestHalvesOfARefusal(t *testing.T) {
	t.Parallel()
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		h := newHand(t, Limits{}, nil)
		h.pass(time.Second)
		halves := []string{"Please stop", "calling me."}
		h.does(agent.CallerTurn{Turn: "0"})
		h.pass(time.Second)
		h.does(agent.CallerTurn{Turn: "1"})
		for _, i := range order {
			h.pass(legtest.Ms(100))
			h.does(agent.CallerSaid{Turn: fmt.Sprint(i), Text: halves[i]})
		}
		if got := h.c.stated.before.text; got != halves[1] {
			t.Errorf("%v: the last words are %q", order, got)
		}
		if got := slices.IndexFunc(h.written(t), func(e calllog.Entry) bool { return e.Text == halves[0] }); got != 0 {
			t.Errorf("%v: the first half is line %d", order, got)
		}
	}
}
