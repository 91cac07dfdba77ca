package call

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// A new stream is put into the same call: what was on the line is gone with the one before, and
// all else goes on.
func TestNextStream(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	first, log := h.c.stream, h.c.journal.head.ID
	h.does(agent.CallerTurn{Turn: "1"})
	h.does(agent.CallerSaid{Turn: "1", Text: "Hello."})
	h.does(agent.AgentSaid{Segment: "a", Text: "Good morning."})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(400, 1)})
	h.does(agent.ToolCall{ID: "t", Name: "nothing", Arguments: "{}"})
	h.c.endAfterPlaying(steppedAway, "", h.now)
	h.c.up.Gaps, h.c.play.Late, h.c.stated.wrong = 2, 1, true
	spent := h.c.spent.toolsInAll
	h.nextStream()
	if h.c.stream == first || h.c.ending != nil || len(h.c.segments)+len(h.c.turns)+len(h.c.play.Live) > 0 {
		t.Errorf("of the stream before there are %d segments, %d turns, ending %t",
			len(h.c.segments), len(h.c.turns), h.c.ending != nil)
	}
	if h.c.journal.head.ID != log || !h.c.stated.wrong || h.c.spent.toolsInAll != spent ||
		len(h.c.wishes.utterances) != 1 {
		t.Error("what the call knew is lost")
	}
	h.c.up.Gaps, h.c.play.Late = 1, 1
	h.nextStream()
	want := &calllog.Quality{Gaps: 3, Late: 2, AddedMS: h.c.quality.added.Summary()}
	if diff := cmp.Diff(want, h.c.quality.summary()); diff != "" {
		t.Errorf("the sound of both streams (-want +got):\n%s", diff)
	}
}
