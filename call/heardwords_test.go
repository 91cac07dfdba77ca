package call

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg/legtest"
)

// An agent whose service can't forget what was not heard is given what was, once.
func TestAgentIsToldWhatWasCut(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		after     time.Duration
		truncates bool
		want      string
	}{
		"in the first sentence":  {legtest.Ms(1500), false, `You were interrupted; the caller heard up to: "We have"`},
		"in the second":          {legtest.Ms(3000), false, `You were interrupted; the caller heard up to: "We have Monday. And"`},
		"before any of it":       {0, false, "You were interrupted before the caller heard what you said."},
		"all of it was heard":    {10 * time.Second, false, ""},
		"a service that forgets": {legtest.Ms(1500), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHand(t, Limits{}, nil)
			h.agent.chat.Truncates = c.truncates
			h.does(agent.AgentSaid{Segment: "a", Text: "We have Monday."})
			h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(2000, 1)})
			h.does(agent.SegmentEnd{Segment: "a"})
			h.does(agent.AgentSaid{Segment: "b", Text: "And Tuesday."})
			h.does(agent.Audio{Segment: "b", ULaw: legtest.Tone(2000, 2)})
			h.does(agent.SegmentEnd{Segment: "b"})
			h.pass(c.after)
			h.does(agent.Interrupted{})
			h.does(agent.Interrupted{})
			if got := strings.Join(h.agent.Knows(), "|"); got != c.want {
				t.Errorf("the agent knows %q, want %q", got, c.want)
			}
		})
	}
}

// Of a long reply the agent is given the last of what was heard.
func TestHeardIsBounded(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.AgentSaid{Segment: "a", Text: strings.Repeat("word ", 400) + "end"})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(4000, 1)})
	h.does(agent.SegmentEnd{Segment: "a"})
	h.pass(legtest.Ms(3900))
	got := h.c.heardUpTo(h.now)
	if len(got) > heardMost+3 || !strings.HasPrefix(got, "… word") || !strings.HasSuffix(got, "word") {
		t.Errorf("%d bytes: %.20q", len(got), got)
	}
}
