package call_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// The third transfer that nobody takes is the last.
func TestTransfersEnd(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		b.phone.DialEnds = "busy"
		c, p := b.connected()
		for _, id := range []string{"t1", "t2", "t3"} {
			asks(p, id, builtin.TransferCall, `{"to":"sales"}`)
			if id != "t3" {
				b.agents.Answers <- nil
				p = <-b.agents.Dialled
				b.pass(time.Second)
			}
		}
		<-c.Done()
		if want := []string{"Connect", "Dial", "Connect", "Dial", "Connect", "Dial", "Say", "Dial", "Hangup"}; !slices.Equal(verbs(c), want) {
			b.Errorf("the call followed %q, want %q", verbs(c), want)
		}
		if rec := b.record(c); rec.Outcome != string(call.Failed) || len(notes(rec)) != 3 {
			b.Errorf("the outcome is %q, notes %q", rec.Outcome, notes(rec))
		}
		noFaults(b, c)
	})
}

// A caller who hangs up while it rings has hung up; one who does so after talking to the
// person was put through.
func TestHangUpDuringTransfer(t *testing.T) {
	for name, tt := range map[string]struct {
		args string
		end  twiliotest.DialEnd
		want call.Reason
	}{
		"while it rings":     {`{"to":"sales"}`, twiliotest.DialEnd{Rings: time.Minute}, call.CallerHungUp},
		"after talking":      {`{"to":"sales"}`, twiliotest.DialEnd{Rings: time.Second, Talks: time.Hour}, call.Transferred},
		"during the whisper": {`{"to":"sales","summary":"Dana"}`, twiliotest.DialEnd{Rings: 9 * time.Second}, call.CallerHungUp},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, puttingThrough, func(b *bubble) {
				b.phone.StatusCallback = public + "/twilio/status"
				c, p := b.connected()
				c.Dials(tt.end)
				asks(p, "t1", builtin.TransferCall, tt.args)
				b.pass(13 * time.Second)
				c.HangUp()
				<-c.Done()
				b.pass(10 * time.Second)
				if rec := b.record(c); rec.Outcome != string(tt.want) {
					b.Errorf("the outcome is %q, want %q", rec.Outcome, tt.want)
				}
				noFaults(b, c)
			})
		})
	}
}

// A service that stops while a call is put through leaves it as it is.
func TestShutdownDuringTransfer(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		c.Dials(twiliotest.DialEnd{Rings: 5 * time.Second, Talks: time.Hour})
		asks(p, "t1", builtin.TransferCall, `{"to":"sales"}`)
		b.pass(10 * time.Second)
		<-b.drain(time.Minute)
		if rec := b.record(c); rec.Outcome != string(call.Transferred) || c.Ended() != "" {
			b.Errorf("the outcome is %q, and the call was ended by %q", rec.Outcome, c.Ended())
		}
	})
}

// placedThrough is [puttingThrough] for calls that we place: the seller stays.
func placedThrough(_ *desk, c *call.Config, p *call.Profile) {
	sold := p.Seller
	puttingThrough(c, p)
	p.Seller = sold
}

// A call that we placed is put through with our number on the display, and the ledger
// hears of its end once.
func TestTransferOfAPlacedCall(t *testing.T) {
	atDesk(t, placedThrough, func(d *desk) {
		head, c, p := d.opened()
		c.Dials(twiliotest.DialEnd{Status: "busy"}, twiliotest.DialEnd{Talks: time.Minute})
		asks(p, "t1", builtin.TransferCall, `{"to":"sales"}`)
		d.agents.Answers <- nil
		p = <-d.agents.Dialled
		d.pass(time.Second)
		if ends := d.permits(head.ID, "ended"); len(ends) != 0 {
			d.Errorf("the ledger has heard of an end: %+v", ends)
		}
		asks(p, "t2", builtin.TransferCall, `{"to":"front desk"}`)
		<-c.Done()
		d.pass(10 * time.Second)
		for _, dial := range c.Dialled() {
			if dial.CallerID != number {
				d.Errorf("the display shows %q", dial.CallerID)
			}
		}
		d.outcome(head.ID, call.Transferred)
		noFaults(d, c)
	})
}

// Whoever withdraws consent while they are put through goes on talking to the person, but
// comes back to no agent.
func TestRevokedDuringTransfer(t *testing.T) {
	atDesk(t, placedThrough, func(d *desk) {
		head, c, p := d.opened()
		c.Dials(twiliotest.DialEnd{Status: "no-answer", Rings: 20 * time.Second})
		asks(p, "t1", builtin.TransferCall, `{"to":"sales"}`)
		d.pass(5 * time.Second)
		d.revoke()
		<-c.Done()
		if c.Ended() != "hangup" {
			d.Errorf("the call was ended by %q", c.Ended())
		}
		d.outcome(head.ID, call.Failed)
		noFaults(d, c)
	})
}
