package call

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
)

var (
	errBusy  = &agent.LostError{Op: "dial", Code: "503", Err: errors.New("busy")}
	errNo    = &agent.LostError{Op: "dial", Code: "401", Fatal: true, Err: errors.New("no")}
	errFresh = &agent.LostError{Op: "dial", Code: "E0708", Fresh: true, Err: errors.New("not found")}
	errDrop  = &agent.LostError{Op: "receive", Code: "1006", Err: errors.New("cut")}
)

// An agent that can't be reached is asked for again after a pause that doubles,
// until 15 s have passed; then the caller gets the fallback.
func TestBackOff(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.dies(errDrop)
	var tries []time.Duration
	for !h.done {
		h.until(h.c.wake(h.now))
		if h.c.link.busy {
			tries = append(tries, h.now.Sub(legtest.Epoch))
			h.answer(errBusy)
		}
	}
	want := []time.Duration{legtest.Ms(250), legtest.Ms(750), legtest.Ms(1750), legtest.Ms(3750), legtest.Ms(7750), legtest.Ms(12750)}
	if !slices.Equal(tries, want) {
		t.Errorf("asked after %v, want %v", tries, want)
	}
	if h.now.Sub(legtest.Epoch) != absenceBound || h.out.Reason != Failed || h.out.next != nextFallback {
		t.Errorf("ended after %v as %+v, want after 15s as failed, with the fallback", h.now.Sub(legtest.Epoch), h.out)
	}
	sessions := h.dialer.Sessions()
	if len(sessions) != 1+len(want) {
		t.Errorf("%d dials, want %d", len(sessions), 1+len(want))
	}
	for i, s := range sessions[1:] {
		if s.Resume != "group-1" {
			t.Errorf("dial %d goes on with %q, want group-1", i+2, s.Resume)
		}
	}
}

// A conversation that is gone is begun anew, at once; and if that fails too it is
// a failure like others.
func TestFreshAfterLostConversation(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.dies(errDrop)
	h.pass(legtest.Ms(250))
	h.answer(errFresh)
	if !h.c.link.busy {
		t.Fatal("the agent isn't asked again at once")
	}
	h.answer(errFresh)
	if h.c.link.busy {
		t.Fatal("an agent that can't begin anew is asked again without a pause")
	}
	h.pass(legtest.Ms(500))
	h.answer(nil)
	var resumed []string
	for _, s := range h.dialer.Sessions() {
		resumed = append(resumed, s.Resume)
	}
	if want := []string{"", "group-1", "", ""}; !slices.Equal(resumed, want) {
		t.Errorf("the dials go on with %q, want %q", resumed, want)
	}
}

// An agent that says no is not asked again.
func TestFatalAtOnce(t *testing.T) {
	t.Parallel()
	h := makeHand(t, NewWriterTo(t, shelf), Limits{}, nil)
	defer h.leave()
	h.answer(errNo)
	if !h.done || h.out.Reason != Failed || h.out.next != nextFallback || !errors.Is(h.out.Err, errNo) {
		t.Errorf("got %+v, want failed, with the fallback", h.out)
	}
}

// An agent is replaced before its time is over, in a pause of the talk; and if
// there is none, when it can't wait any more.
func TestReplacement(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		talking time.Duration // from a second before it is due
		want    time.Duration // after it was due
	}{
		{"in silence", 0, 0},
		{"behind the last word", 3 * time.Second, 2 * time.Second},
		{"in the midst of a long speech", time.Minute, replaceGrace},
	} {
		h := newHand(t, Limits{Inactivity: time.Hour, Duration: 2 * time.Hour}, nil)
		old := h.agent
		h.until(legtest.Epoch.Add(29*time.Minute - time.Second))
		if test.talking > 0 {
			h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(int(test.talking/time.Millisecond), 1)})
			h.does(agent.SegmentEnd{Segment: "a"})
			h.does(agent.TurnEnd{})
		}
		for !h.c.link.busy {
			h.until(h.c.wake(h.now))
		}
		if got := h.now.Sub(legtest.Epoch) - 29*time.Minute; got != test.want {
			t.Errorf("%s: asked for %v after it was due, want %v", test.name, got, test.want)
		}
		h.frame(1)
		if len(old.Heard()) != 160 {
			t.Errorf("%s: the old agent doesn't serve on", test.name)
		}
		h.answer(nil)
		h.frame(2)
		<-old.Closed()
		if h.agent == old || h.agent.Session.Resume != "group-1" || len(h.agent.Heard()) != 160 || len(old.Heard()) != 160 {
			t.Errorf("%s: the new agent doesn't go on where the old one was", test.name)
		}
		if test.talking > 0 {
			h.pass(time.Minute)
			if want := int(test.talking/time.Millisecond) * leg.BytesPerMS; len(h.ear.Played) != want {
				t.Errorf("%s: %d bytes of the old agent's words were heard, want all %d", test.name, len(h.ear.Played), want)
			}
		}
	}
}

// A replacement that fails is tried again while the old agent serves.
func TestReplacementFails(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{Inactivity: time.Hour, Duration: 2 * time.Hour}, nil)
	old := h.agent
	h.until(legtest.Epoch.Add(29 * time.Minute))
	h.answer(errBusy)
	if h.c.link.busy || h.c.link.agent == nil {
		t.Fatal("the old agent doesn't serve on")
	}
	h.pass(replaceGrace)
	h.answer(nil)
	<-old.Closed()
	if h.agent == old {
		t.Error("the agent isn't replaced by the second try")
	}
}

// The old agent may die while it is being replaced. Then the dial that is under
// way serves, and nothing spins meanwhile.
func TestAgentDiesWhileItIsReplaced(t *testing.T) {
	t.Parallel()
	for _, answer := range []any{nil, errBusy} {
		h := newHand(t, Limits{Inactivity: time.Hour, Duration: 2 * time.Hour}, nil)
		h.until(legtest.Epoch.Add(29 * time.Minute))
		h.dies(errDrop)
		h.pass(5 * time.Second)
		h.answer(answer)
		if got := len(h.dialer.Sessions()); got != 2 {
			t.Fatalf("%d dials, want the one under way alone", got)
		}
		if answer != nil {
			h.pass(5 * time.Second)
			h.answer(nil)
		}
		h.frame(1)
		if len(h.agent.Heard()) == 0 {
			t.Error("the new agent doesn't listen")
		}
	}
}

// An agent that comes and goes is no agent: the caller is held, and gets the
// fallback in the end.
func TestAgentThatComesAndGoes(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.pass(time.Minute)
	h.dies(errDrop)
	lost := h.now
	for !h.done && h.now.Sub(lost) < time.Minute {
		h.until(h.c.wake(h.now))
		if h.c.link.busy {
			h.answer(nil)
			h.pass(legtest.Ms(100))
			h.dies(errDrop)
		}
	}
	if got := h.now.Sub(lost); h.out.Reason != Failed || got < absenceBound || got > absenceBound+5*time.Second {
		t.Errorf("ended after %v as %q, want after 15 s as failed", got, h.out.Reason)
	}
	if len(h.ear.Played) < len(holdingLine()) {
		t.Error("the caller is not held meanwhile")
	}
	if n := len(h.dialer.Sessions()); n > 15 {
		t.Errorf("%d dials in 15 s", n)
	}
}

// Two losses that lie apart are two: the second has its own 15 s.
func TestEachLossHasItsTime(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	for range 3 {
		h.dies(errDrop)
		h.pass(10 * time.Second)
		if h.done || !h.c.link.busy {
			t.Fatalf("done %v, a dial is under way %v", h.done, h.c.link.busy)
		}
		h.answer(nil)
		h.pass(10 * time.Second)
	}
}

// An agent that is lost for a reason that asking again can't mend is not asked again: the
// caller gets the fallback at once.
func TestFatalInMidCall(t *testing.T) {
	t.Parallel()
	gone := &agent.LostError{Op: "receive", Code: "insufficient_quota", Fatal: true, Err: errors.New("quota")}
	t.Run("read", func(t *testing.T) {
		t.Parallel()
		h := newHand(t, Limits{}, nil)
		h.dies(gone)
		if !h.done || h.out.Reason != Failed || h.out.next != nextFallback || h.c.link.busy {
			t.Errorf("ended %v as %+v", h.done, h.out)
		}
	})
	t.Run("after a write that failed", func(t *testing.T) {
		t.Parallel()
		h := newHand(t, Limits{}, nil)
		h.c.loseAgent(errors.New("broken pipe"), h.now)
		if h.done {
			t.Fatal("a write that failed ends the call")
		}
		h.dies(gone)
		if !h.done || h.out.next != nextFallback {
			t.Errorf("ended %v as %+v", h.done, h.out)
		}
	})
	t.Run("while the call ends", func(t *testing.T) {
		t.Parallel()
		h := newHand(t, Limits{}, nil)
		h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(2000, 1)})
		h.c.endAfterPlaying(AgentEnded, "", h.now)
		h.dies(gone)
		h.pass(5 * time.Second)
		if !h.done || h.out.Reason != AgentEnded {
			t.Errorf("ended %v as %+v, want what the agent wanted", h.done, h.out)
		}
	})
}

// The agent learns how far each of its segments was heard when it is interrupted.
func TestInterruptedWhere(t *testing.T) {
	t.Parallel()
	h := newHand(t, Limits{}, nil)
	h.does(agent.Audio{Segment: "a", ULaw: legtest.Tone(500, 1)})
	h.does(agent.SegmentEnd{Segment: "a"})
	h.does(agent.Audio{Segment: "b", ULaw: legtest.Tone(2000, 2)})
	h.does(agent.SegmentEnd{Segment: "b"})
	h.does(agent.Audio{Segment: "c", ULaw: legtest.Tone(2000, 3)})
	h.pass(legtest.Ms(1300))
	h.does(agent.Interrupted{})
	cuts := h.agent.Cuts()
	if len(cuts) != 1 || len(cuts[0]) != 2 || cuts[0][0].Segment != "b" || cuts[0][1] != (agent.Heard{Segment: "c"}) {
		t.Fatalf("got %+v, want b and c", cuts)
	}
	if got := cuts[0][0].Played; (got - legtest.Ms(800)).Abs() > legtest.Ms(20) {
		t.Errorf("of b %v were played, want 800 ms", got)
	}
}
