package call_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const (
	openingText  = "I'm an AI assistant, and this call is recorded."
	openingSound = 9
)

// opening is a clip of a sound; of no length, the agent speaks the text.
func opening(clip time.Duration) func(*call.Config, *call.Profile) {
	return func(_ *call.Config, p *call.Profile) {
		p.Opening = &call.Opening{Text: openingText, Clip: sound(clip, openingSound)}
	}
}

// While the opening plays the caller is not heard by the agent. Then all that
// they said is delivered, in order.
func TestOpeningHoldsTheCaller(t *testing.T) {
	inBubble(t, opening(2*time.Second), func(b *bubble) {
		c, p := b.connected()
		c.Speak(sound(time.Second, 20))
		b.pass(1900 * time.Millisecond)
		if n := len(p.Heard()); n > 0 {
			b.Errorf("the agent heard %d bytes while the opening played", n)
		}
		b.pass(200 * time.Millisecond)
		c.Speak(sound(time.Second, 21))
		b.pass(2 * time.Second)
		c.HangUp()
		<-c.Done()
		if heard := p.Heard(); !bytes.HasPrefix(c.Said(), heard) || count(heard, 20) != time.Second || count(heard, 21) != time.Second {
			b.Errorf("the agent heard %v and %v of what was said in a second each", count(heard, 20), count(heard, 21))
		}
		if got := count(c.Heard(), openingSound); got != 2*time.Second {
			b.Errorf("%v of the opening were heard", got)
		}
		r := b.record(c)
		if o := r.Opening; o == nil || o.Text != openingText || !o.Complete || o.PlayedAt == nil {
			b.Fatalf("the opening is logged as %+v", o)
		}
		near(b, "the proof", r.Opening.PlayedAt.Sub(*r.AnsweredAt), 2*time.Second)
		noFaults(b, c)
	})
}

// Ten seconds of the caller are held at most: of more, the newest.
func TestOpeningHoldsTenSeconds(t *testing.T) {
	inBubble(t, opening(12*time.Second), func(b *bubble) {
		c, p := b.connected()
		c.Speak(sound(time.Second, 20))
		c.Speak(sound(11*time.Second, 21))
		b.pass(13 * time.Second)
		c.HangUp()
		<-c.Done()
		if got := count(p.Heard(), 20); got != 0 {
			b.Errorf("%v of the oldest were delivered", got)
		}
		near(b, "of the newest", count(p.Heard(), 21), 10*time.Second)
		if q := b.record(c).Quality; q == nil || q.Dropped < 95 || q.Dropped > 105 {
			b.Errorf("%+v: want 100 frames dropped, of 20 ms each", q)
		}
	})
}

// Nothing cuts the opening. What the agent wants to say meanwhile waits behind
// it, and goes if the caller talks over that.
func TestOpeningIsNotTalkedOver(t *testing.T) {
	inBubble(t, opening(2*time.Second), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Hello there.", sound(time.Second, 1))
		b.pass(500 * time.Millisecond)
		p.Events <- agent.Interrupted{}
		speaks(p, "b", "Yes?", sound(time.Second, 2))
		b.pass(4 * time.Second)
		heard := c.Heard()
		if count(heard, openingSound) != 2*time.Second || count(heard, 1) != 0 || count(heard, 2) != time.Second {
			b.Errorf("heard %v of the opening, %v of what was talked over, %v of the answer: want 2 s, 0, 1 s", count(heard, openingSound), count(heard, 1), count(heard, 2))
		}
		near(b, "the answer", firstOf(heard, 2), 2*time.Second)
		for _, m := range c.Timeline() {
			if m.Event == twiliotest.Clear {
				b.Error("the line was cleared in the opening")
			}
		}
		c.HangUp()
		<-c.Done()
		if r := b.record(c); said(b, r, "Hello there.").Heard != "no" || said(b, r, "Yes?").Heard != "full" || said(b, r, openingText).Heard != "full" {
			b.Errorf("%+v", r.Entries)
		}
	})
}

// Without a clip the agent speaks the opening, also if it comes late or has to
// be asked again.
func TestOpeningInTheAgentsVoice(t *testing.T) {
	inBubble(t, opening(0), func(b *bubble) {
		b.agents.Answers <- time.Second
		c, p := b.connected()
		if got := p.Said(); len(got) != 1 || got[0] != openingText {
			b.Fatalf("asked to say %q", got)
		}
		p.Events <- agent.AgentSaid{Segment: "a", Text: openingText, Asked: true}
		p.Events <- agent.Audio{Segment: "a", ULaw: sound(500*time.Millisecond, openingSound)}
		p.Leave(&agent.LostError{Op: "receive"})
		b.agents.Answers <- nil
		next := <-b.agents.Dialled
		b.pass(time.Second)
		if n := len(next.Heard()); n > 0 || len(next.Said()) != 1 {
			b.Fatalf("the next agent heard %d bytes and was asked to say %q", n, next.Said())
		}
		next.Events <- agent.Audio{Segment: "b", ULaw: sound(time.Second, openingSound)}
		next.Events <- agent.AgentSaid{Segment: "b", Text: openingText, Asked: true}
		next.Events <- agent.SegmentEnd{Segment: "b"}
		next.Events <- agent.Spoken{Exact: true}
		next.Events <- agent.TurnEnd{}
		b.pass(900 * time.Millisecond)
		if n := len(next.Heard()); n > 0 {
			b.Errorf("the agent heard %d bytes before the opening was heard", n)
		}
		b.pass(time.Second)
		if len(next.Heard()) == 0 {
			b.Error("the agent doesn't hear the caller after the opening")
		}
		c.HangUp()
		<-c.Done()
		if o := b.record(c).Opening; o == nil || !o.Complete {
			b.Errorf("the opening is logged as %+v", o)
		}
		noFaults(b, c)
	})
}

// An opening whose marks do not come back is not complete. The call goes on
// fifteen seconds after it should have played all the same, and the log says so.
func TestOpeningWithoutProof(t *testing.T) {
	for name, clip := range map[string]time.Duration{"clip": time.Second, "voice": 0} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, opening(clip), func(b *bubble) {
				c, p := b.connected()
				c.HoldMarks(true)
				if clip == 0 {
					p.Events <- agent.AgentSaid{Segment: "a", Text: openingText, Asked: true}
					speaks(p, "a", "", sound(time.Second, openingSound))
					p.Events <- agent.Spoken{Exact: true}
				}
				bound := time.Second + 15*time.Second // after the second in which it plays
				b.pass(bound - 200*time.Millisecond)
				if n := len(p.Heard()); n > 0 {
					b.Errorf("the agent heard %d bytes before the bound", n)
				}
				b.pass(400 * time.Millisecond)
				if got := count(p.Heard(), 0xff); got < 9*time.Second {
					b.Errorf("the agent heard %v of the caller after the bound, want the last ten seconds", got)
				}
				c.HoldMarks(false)
				b.pass(time.Second)
				c.HangUp()
				<-c.Done()
				if r := b.record(c); r.Opening == nil || r.Opening.Complete || len(entries(r, "note")) != 1 {
					b.Errorf("the opening is logged as %+v, with %d notes", r.Opening, len(entries(r, "note")))
				}
			})
		})
	}
}

// Who hangs up in the opening has not heard it.
func TestOpeningHungUpOn(t *testing.T) {
	inBubble(t, opening(2*time.Second), func(b *bubble) {
		c, _ := b.connected()
		b.pass(time.Second)
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		if r.Opening == nil || r.Opening.Complete || r.Opening.PlayedAt != nil || said(b, r, openingText).Heard != "partly" {
			b.Errorf("the opening is logged as %+v", r.Opening)
		}
		if r.Outcome != string(call.CallerHungUp) {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}
