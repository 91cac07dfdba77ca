package call

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/calllog"
)

// written is the log of a hand's call.
func (h *hand) written(t *testing.T) []calllog.Entry {
	t.Helper()
	if err := h.c.journal.out.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.c.journal.save()
	if err := h.c.journal.out.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	rec, err := shelf.Get(t.Context(), h.c.journal.head.ID)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Entries
}

// What is written down of a conversation: each turn once, as it was understood in
// the end. Interim words, and our own, are no turns.
func TestWhatIsWrittenDown(t *testing.T) {
	t.Parallel()
	joy := map[string]float64{"Joy": 0.5}
	h := newHand(t, Limits{}, nil)
	h.pass(time.Second)
	h.does(agent.CallerSaid{Text: "He", Interim: true})
	h.does(agent.CallerSaid{Text: "Hello", Emotions: joy})
	h.does(agent.CallerSaid{Text: "The caller pressed the key 5.", Typed: true})
	h.does(agent.AgentSaid{Segment: "a", Text: "Good", Emotions: joy})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(200, 1)})
	h.does(agent.AgentSaid{Segment: "a", Text: "Good morning."})
	h.does(agent.AgentFelt{Segment: "a", Emotions: map[string]float64{"Calmness": 1}})
	h.does(agent.AgentFelt{Segment: "unknown", Emotions: joy})
	h.does(agent.SegmentEnd{Segment: "a"})
	h.does(agent.SegmentEnd{Segment: "unknown"})
	h.does(agent.TurnEnd{})
	h.does(agent.Failed{Code: "E0712", Slug: "model_timed_out", Message: "private words"})
	h.does(agent.Ignored{Type: "something new"})
	h.does(agent.Ignored{Broken: true})
	h.pass(time.Second)
	want := []calllog.Entry{
		{Seq: 1, AtMS: 1000, Kind: calllog.KindCaller, Text: "Hello", Emotions: joy, EmotionsSource: "evi"},
		{Seq: 2, AtMS: 1000, Kind: calllog.KindAgent, Text: "Good morning.", Heard: calllog.HeardFull, Emotions: map[string]float64{"Calmness": 1}, EmotionsSource: "evi"},
		{Seq: 3, AtMS: 1000, Kind: calllog.KindNote, Text: "the agent reported E0712 model_timed_out"},
	}
	if diff := cmp.Diff(want, h.written(t), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// An order that this version does not know is refused, not waited for.
func TestUnknownOrder(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	got := make(chan error, 1)
	go func() { got <- h.c.command(context.Background(), "sing", "") }()
	h.take(h.c.onCommand(<-h.c.commands, h.now))
	if err := <-got; err == nil || h.done {
		t.Errorf("got %v, and the call is over: %v", err, h.done)
	}
}

// Nobody can speak while the agent is away, and nobody waits for an answer of a
// call that has ended.
func TestOrdersInVain(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.dies(errDrop)
	got := make(chan error, 1)
	go func() { got <- h.c.command(context.Background(), verbSay, "Hello?") }()
	h.take(h.c.onCommand(<-h.c.commands, h.now))
	if err := <-got; !errors.Is(err, ErrAgentAway) {
		t.Errorf("while the agent is away: %v", err)
	}
	impatient, cancel := context.WithCancel(context.Background())
	cancel()
	if err := h.c.command(impatient, verbSay, "Hello?"); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever has gone: %v", err)
	}
	h.c.end(errCallerGone)
	if err := h.c.command(context.Background(), verbHangUp, ""); !errors.Is(err, ErrNotLive) {
		t.Errorf("after the end: %v", err)
	}
}

// A reply that is cut is over for the ear, whatever still comes of it: its end
// proves nothing, its sound is not played, and the agent is told to drop the rest.
func TestWhatComesOfACutReply(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(300, 1)})
	h.pass(legtest.Ms(100))
	h.does(agent.Interrupted{})
	h.does(agent.SegmentEnd{Segment: "a"})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(300, 1)})
	h.does(agent.AgentSaid{Segment: "a", Text: "late words"})
	h.does(agent.TurnEnd{})
	h.pass(time.Second)
	log := h.written(t)
	if len(log) != 2 || log[0].Text != "late words" || log[0].Heard != calllog.HeardPartly || log[1].Kind != calllog.KindInterruption {
		t.Errorf("got %+v", log)
	}
	if got := len(h.ear.Played); got != 100*leg.BytesPerMS || h.ear.Clears != 1 {
		t.Errorf("%d bytes were heard, with %d clears: want 800 and one", got, h.ear.Clears)
	}
	if got := h.agent.Interrupts(); got != 1 {
		t.Errorf("the agent was told %d times, want once", got)
	}
}

// An interruption while the line is silent is none to the log, but what comes of
// the reply is dropped all the same.
func TestInterruptionInSilence(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.AgentSaid{Segment: "a", Text: "words"})
	h.does(agent.Interrupted{})
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(300, 1)})
	h.pass(time.Second)
	if log := h.written(t); len(log) != 1 || log[0].Heard != calllog.HeardNo || len(h.ear.Played) > 0 {
		t.Errorf("%d bytes were heard: %+v", len(h.ear.Played), log)
	}
}

// The agent does not notice that it is talked over once it has sent all of a long
// reply. Then the first words heard of the caller cut it; before, they do not.
func TestInterimWordsCutAFinishedReply(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(5000, 1)})
	h.pass(legtest.Ms(500))
	h.does(agent.CallerSaid{Text: "But", Interim: true})
	if h.ear.Clears != 0 {
		t.Error("a reply under way is cut by a word that may be none")
	}
	h.does(agent.SegmentEnd{Segment: "a"})
	h.does(agent.TurnEnd{})
	h.does(agent.CallerSaid{Text: "But wait", Interim: true})
	h.pass(time.Second)
	if h.ear.Clears != 1 || len(h.ear.Played) != 500*leg.BytesPerMS {
		t.Errorf("%d clears, %d bytes heard: want one, and 4000", h.ear.Clears, len(h.ear.Played))
	}
	if log := h.written(t); log[0].Heard != calllog.HeardPartly || log[1].Kind != calllog.KindInterruption {
		t.Errorf("got %+v", log)
	}
}

// What cuts the holding line, announced by its text, is followed to its end.
func TestWordsThatCutTheHoldingLine(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.pass(4 * time.Second)
	h.dies(errDrop)
	h.pass(2 * time.Second)
	h.answer(nil)
	h.does(agent.AgentSaid{Segment: "a", Text: "words"})
	if h.ear.Clears != 0 {
		t.Error("text alone cuts the holding line")
	}
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(1000, 1)})
	h.pass(legtest.Ms(500))
	if h.ear.Clears != 1 || len(h.c.play.Live) != 1 {
		t.Errorf("%d clears, %d segments followed: want one each", h.ear.Clears, len(h.c.play.Live))
	}
	h.c.journal.silenced(h.c.play.Live, h.now) // as at a hang-up
	log := h.written(t)
	if last := log[len(log)-1]; last.Text != "words" || last.Heard != calllog.HeardPartly {
		t.Errorf("got %+v", last)
	}
}

// When a call is ended from outside, both sockets fail as well. That is no reason
// of its own, whichever is noticed first.
func TestCancelledCallIsNotLost(t *testing.T) {
	t.Parallel()
	for cause, want := range map[error]Reason{ErrShutdown: Drained, errCallerGone: CallerHungUp, errors.New("else"): Failed} {
		h := newHand(t, Limits{}, nil)
		h.c.end(cause)
		broken := errors.New("the socket is closed")
		outCaller, endsCaller := h.c.onCaller(callerEvent{nil, broken, h.now})
		outAgent, endsAgent := h.c.onAgent(agentEvent{h.c.link.serial, nil, broken, h.now})
		if !endsCaller || !endsAgent || outCaller.Reason != want || outAgent.Reason != want {
			t.Errorf("%v: the outcome is %q by the caller's socket and %q by the agent's, want %q", cause, outCaller.Reason, outAgent.Reason, want)
		}
	}
}
