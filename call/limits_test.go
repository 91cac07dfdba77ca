package call_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// obeys makes an agent speak what it is asked to say, a second of sound for each,
// as soon as it is asked.
func (b *bubble) obeys(p *call.Puppet, sounds ...byte) {
	for i, s := range sounds {
		for len(p.Said()) <= i {
			b.pass(20 * time.Millisecond)
			if b.ctx.Err() != nil {
				return
			}
		}
		segment := string(rune('a' + i))
		p.Events <- agent.AgentSaid{Segment: segment, Text: p.Said()[i], Asked: true}
		p.Events <- agent.Audio{Segment: segment, ULaw: sound(time.Second, s)}
		p.Events <- agent.SegmentEnd{Segment: segment}
		p.Events <- agent.Spoken{Exact: true}
		p.Events <- agent.TurnEnd{}
	}
}

// limits are those of a call that is short, so that the tests are.
func limits(duration, inactivity time.Duration) func(*call.Config, *call.Profile) {
	return func(c *call.Config, _ *call.Profile) {
		c.Limits = call.Limits{Duration: duration, Inactivity: inactivity}
	}
}

// At its limit a call ends, announced a while before, and the goodbye is heard.
func TestDurationLimit(t *testing.T) {
	inBubble(t, limits(80*time.Second, time.Hour), func(b *bubble) {
		c, p := b.connected()
		b.obeys(p, 1, 2)
		<-c.Done()
		heard := c.Heard()
		near(b, "the notice", firstOf(heard, 1), 40*time.Second)
		near(b, "the goodbye", firstOf(heard, 2), 80*time.Second)
		if got := count(heard, 2); got != time.Second {
			b.Errorf("%v of the goodbye were heard, want all of it", got)
		}
		near(b, "the end", time.Duration(len(heard))*time.Millisecond/8, 81*time.Second)
		if r := b.record(c); r.Outcome != string(call.TimeLimit) || said(b, r, "I'm sorry, our time is up. Goodbye.").Heard != "full" {
			b.Errorf("the outcome is %q", r.Outcome)
		}
		if want := []string{"Connect", "Hangup"}; !slices.Equal(verbs(c), want) {
			b.Errorf("the call followed %q, want %q", verbs(c), want)
		}
		noFaults(b, c)
	})
}

// An agent that does not say the goodbye delays the end by ten seconds at most.
func TestGoodbyeIsBounded(t *testing.T) {
	inBubble(t, limits(20*time.Second, time.Hour), func(b *bubble) {
		c, _ := b.connected()
		<-c.Done()
		near(b, "the end", time.Duration(len(c.Heard()))*time.Millisecond/8, 30*time.Second)
		if r := b.record(c); r.Outcome != string(call.TimeLimit) {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}

// Whoever says nothing for long is asked whether they are there, and hung up on
// if they are not.
func TestInactivity(t *testing.T) {
	inBubble(t, limits(time.Hour, 20*time.Second), func(b *bubble) {
		c, p := b.connected()
		b.obeys(p, 1, 2)
		<-c.Done()
		near(b, "the question", firstOf(c.Heard(), 1), 20*time.Second)
		near(b, "the goodbye", firstOf(c.Heard(), 2), 50*time.Second)
		if r := b.record(c); r.Outcome != string(call.AgentEnded) || len(entries(r, "note")) != 1 {
			b.Errorf("the outcome is %q, with %d notes", r.Outcome, len(entries(r, "note")))
		}
	})
}

// Whoever answers, by word or by key, is not hung up on.
func TestAnswerToStillThere(t *testing.T) {
	for name, answer := range map[string]func(*twiliotest.Call, *call.Puppet) error{
		"words": func(_ *twiliotest.Call, p *call.Puppet) error {
			p.Events <- agent.CallerSaid{Text: "Yes."}
			return nil
		},
		"a key": func(c *twiliotest.Call, _ *call.Puppet) error { return c.Press("1") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, limits(time.Hour, 20*time.Second), func(b *bubble) {
				c, p := b.connected()
				b.obeys(p, 1)
				b.pass(10 * time.Second)
				if err := answer(c, p); err != nil {
					b.Fatal(err)
				}
				b.pass(19 * time.Second)
				if got := len(p.Said()); got != 1 || c.Ended() != "" {
					b.Errorf("asked %d times, and the call ended by %q: want once, and that it goes on", got, c.Ended())
				}
				b.pass(2 * time.Second)
				if got := len(p.Said()); got != 2 {
					b.Errorf("asked %d times, want again after 20 s more", got)
				}
			})
		})
	}
}

// What the agent says in a long speech is no silence of the caller's.
func TestLongSpeechIsNoSilence(t *testing.T) {
	inBubble(t, limits(time.Hour, 10*time.Second), func(b *bubble) {
		c, p := b.connected()
		b.pass(time.Second)
		speaks(p, "story", "A long story.", sound(20*time.Second, 1))
		b.obeys(p, 2)
		b.pass(2 * time.Second)
		near(b, "the question", firstOf(c.Heard(), 2), 31*time.Second)
	})
}
