package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A key that stands for a transfer cuts what the agent says, has it say a sentence, and
// puts the caller through to the first on the list.
func TestKeysThatAct(t *testing.T) {
	keys := func(c *call.Config, p *call.Profile) {
		puttingThrough(c, p)
		p.Builtins, p.Keys = nil, map[string]string{"0": builtin.TransferCall, "#": builtin.EndCall}
	}
	t.Run("transfer", func(t *testing.T) {
		inBubble(t, keys, func(b *bubble) {
			c, p := b.connected()
			speaks(p, "a", "A long story.", sound(20*time.Second, 3))
			b.pass(time.Second)
			c.Press("5")
			b.pass(500 * time.Millisecond)
			c.Press("0")
			c.Press("#") // too late
			b.pass(100 * time.Millisecond)
			if want := []string{"I'll put you through."}; !slices.Equal(p.Said(), want) {
				b.Errorf("the agent is asked to say %q, want %q", p.Said(), want)
			}
			if told := p.Told(); len(told) != 1 || !strings.Contains(told[0], "5 0") {
				b.Errorf("the agent is told %q", told)
			}
			p.Events <- agent.AgentSaid{Segment: "b", Text: "I'll put you through.", Asked: true}
			speaks(p, "b", "", sound(time.Second, 5))
			p.Events <- agent.Spoken{Exact: true}
			<-c.Done()
			if cut, heard := count(c.Heard(), 3), count(c.Heard(), 5); cut > 1700*time.Millisecond || heard != time.Second {
				b.Errorf("%v of the story and %v of the sentence were heard", cut, heard)
			}
			if dials := c.Dialled(); len(dials) != 1 || dials[0].Number != transfer {
				b.Errorf("dialled: %+v", dials)
			}
			rec := b.record(c)
			if rec.Outcome != string(call.Transferred) || len(entries(rec, calllog.KindDTMF)) != 3 {
				b.Errorf("the outcome is %q, %d keys", rec.Outcome, len(entries(rec, calllog.KindDTMF)))
			}
			noFaults(b, c)
		})
	})
	t.Run("without an agent", func(t *testing.T) {
		inBubble(t, keys, func(b *bubble) {
			c := b.dial()
			b.await(c, twiliotest.Started, "")
			b.pass(time.Second)
			c.Press("0")
			<-c.Done()
			if rec := b.record(c); rec.Outcome != string(call.Transferred) || len(c.Dialled()) != 1 {
				b.Errorf("the outcome is %q", rec.Outcome)
			}
		})
	})
	t.Run("end", func(t *testing.T) {
		inBubble(t, keys, func(b *bubble) {
			c, p := b.connected()
			c.Press("#")
			b.pass(100 * time.Millisecond)
			p.Events <- agent.AgentSaid{Segment: "b", Text: "Goodbye.", Asked: true}
			speaks(p, "b", "", sound(time.Second, 5))
			p.Events <- agent.Spoken{Exact: true}
			<-c.Done()
			if rec := b.record(c); rec.Outcome != string(call.AgentEnded) || count(c.Heard(), 5) != time.Second {
				b.Errorf("the outcome is %q, heard %v", rec.Outcome, count(c.Heard(), 5))
			}
		})
	})
	t.Run("in the opening", func(t *testing.T) {
		inBubble(t, func(c *call.Config, p *call.Profile) {
			keys(c, p)
			p.Opening = &call.Opening{Text: "Hello.", Clip: sound(3*time.Second, openingSound)}
		}, func(b *bubble) {
			c, p := b.connected()
			b.pass(500 * time.Millisecond)
			c.Press("0")
			<-c.Done()
			if got := count(c.Heard(), openingSound); got != 3*time.Second || len(p.Said()) != 0 {
				b.Errorf("%v of the opening were heard, and the agent was asked to say %q", got, p.Said())
			}
			if rec := b.record(c); rec.Outcome != string(call.Transferred) || !rec.Opening.Complete {
				b.Errorf("the outcome is %q, the opening %+v", rec.Outcome, rec.Opening)
			}
		})
	})
	t.Run("9 of a placed call", func(t *testing.T) {
		atDesk(t, func(_ *desk, c *call.Config, p *call.Profile) {
			sold := p.Seller
			keys(c, p)
			p.Seller, p.Keys = sold, map[string]string{"9": builtin.TransferCall}
		}, func(d *desk) {
			head, c, _ := d.opened()
			c.Press("9")
			<-c.Done()
			d.outcome(head.ID, call.OptedOut)
		})
	})
}
