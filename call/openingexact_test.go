package call_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
)

// speaksOpening is how an agent speaks an opening, in the very words or in others.
func speaksOpening(p *call.Puppet, segment, text string, exact bool) {
	p.Events <- agent.AgentSaid{Segment: segment, Text: text, Asked: true}
	p.Events <- agent.Audio{Segment: segment, ULaw: sound(time.Second, openingSound)}
	p.Events <- agent.SegmentEnd{Segment: segment}
	p.Events <- agent.Spoken{Exact: exact}
	p.Events <- agent.TurnEnd{}
}

// An opening that was spoken in other words is said once more. If it differs again, it is not
// proved: the log says so, and a call that came in goes on.
func TestOpeningInOtherWords(t *testing.T) {
	for name, exact := range map[string]bool{"once": true, "twice": false} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, opening(0), func(b *bubble) {
				c, p := b.connected()
				speaksOpening(p, "a", "Welcome to Riverbend!", false)
				b.pass(2 * time.Second)
				if said := p.Said(); len(said) != 2 || said[1] != openingText {
					b.Fatalf("the agent is asked to say %q", said)
				}
				if n := len(p.Heard()); n > 0 {
					b.Errorf("the agent hears %d bytes of the caller between", n)
				}
				speaksOpening(p, "b", openingText, exact)
				b.pass(2 * time.Second)
				if len(p.Heard()) == 0 || len(p.Said()) != 2 {
					b.Errorf("the agent hears %d bytes and was asked to say %q", len(p.Heard()), p.Said())
				}
				c.HangUp()
				<-c.Done()
				r := b.record(c)
				if r.Opening.Complete != exact || count(c.Heard(), openingSound) != 2*time.Second {
					b.Errorf("the opening is logged as %+v, heard for %v", r.Opening, count(c.Heard(), openingSound))
				}
				notes := entries(r, calllog.KindNote)
				if len(notes) == 0 || !strings.Contains(notes[0].Text, "in other words") {
					b.Errorf("the log's notes are %+v", notes)
				}
			})
		})
	}
}

// A call that was placed ends if its opening differs twice: 47 CFR 64.1200(b).
func TestPlacedOpeningInOtherWords(t *testing.T) {
	atDesk(t, noClip, func(d *desk) {
		_, c, p := d.talking()
		speaksOpening(p, "a", "Hi there, how are you today?", false)
		d.pass(2 * time.Second)
		speaksOpening(p, "b", "Hello, how are you?", false)
		<-c.Done()
		if r := d.record(c); r.Outcome != calllog.OutcomeFailed || r.Opening.Complete || len(entries(r, calllog.KindNote)) == 0 {
			d.Errorf("the call is logged as %+v", r)
		}
		if len(p.Said()) != 2 {
			d.Errorf("the agent is asked to say %q", p.Said())
		}
	})
}

// What a clip says is known to the agent, once, whenever it comes.
func TestClipIsKnown(t *testing.T) {
	for name, wait := range map[string]time.Duration{"at once": 0, "when it has played": 3 * time.Second} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, opening(time.Second), func(b *bubble) {
				if wait > 0 {
					b.agents.Answers <- wait
				}
				c, p := b.connected()
				b.pass(5 * time.Second)
				if k := p.Knows(); len(k) != 1 || !strings.Contains(k[0], openingText) || len(p.Said()) > 0 {
					b.Errorf("the agent knows %q and is asked to say %q", k, p.Said())
				}
				c.HangUp()
				<-c.Done()
			})
		})
	}
}

// An answer of the agent's own that ends meanwhile ends no opening that it was asked for.
func TestOpeningAndAnotherAnswer(t *testing.T) {
	inBubble(t, opening(0), func(b *bubble) {
		c, p := b.connected()
		p.Events <- agent.AgentSaid{Segment: "s", Text: openingText, Asked: true}
		p.Events <- agent.Audio{Segment: "s", ULaw: sound(500*time.Millisecond, openingSound)}
		p.Events <- agent.TurnEnd{}
		b.pass(2 * time.Second)
		if len(p.Heard()) > 0 {
			b.Error("the caller is heard before the opening was")
		}
		p.Events <- agent.Audio{Segment: "s", ULaw: sound(500*time.Millisecond, openingSound)}
		p.Events <- agent.SegmentEnd{Segment: "s"}
		p.Events <- agent.Spoken{Exact: true}
		b.pass(time.Second)
		c.HangUp()
		<-c.Done()
		if r := b.record(c); !r.Opening.Complete || count(c.Heard(), openingSound) != time.Second {
			b.Errorf("the opening is logged as %+v, heard for %v", r.Opening, count(c.Heard(), openingSound))
		}
	})
}
