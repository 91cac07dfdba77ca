package call_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Each who is rung hears their own summary, though the instance that whispers has whispered
// another of the same call.
func TestWhispersAcrossInstances(t *testing.T) {
	p := newPair(t)
	p.second.Store(p.one)
	c, _ := p.putThrough(t, twiliotest.DialEnd{}, `{"to":"sales","summary":"For sales."}`)
	c.Dials(twiliotest.DialEnd{Key: "1", Talks: 100 * time.Millisecond})
	second := p.one.chat()
	second.reply(t, "b", "I'll try the desk.", 700, 300*time.Millisecond)
	second.CallTool("t2", builtin.TransferCall, `{"to":"front desk","summary":"For the desk."}`, true)
	over(t, c)
	if d := c.Dialled(); len(d) != 2 || len(d[1].Whispered) != 1 || !strings.Contains(d[1].Whispered[0], "For the desk.") {
		t.Errorf("dialled: %+v", d)
	}
	noFaults(t, c)
}

// Whoever withdraws consent while they are put through comes back to no agent of any instance.
func TestRevokedDuringTransferElsewhere(t *testing.T) {
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	p := newPair(t, func(c *call.Config, pr *call.Profile) {
		w.places(t)(c)
		pr.Opening = &call.Opening{Text: ownOpening, Clip: sound(200*time.Millisecond, openingSound)}
	})
	phone.Bridge = p.phone.Bridge
	if _, _, err := p.one.board.Place(p.one.ctx, toCallee()); err != nil {
		t.Fatal(err)
	}
	c, err := w.person.Rung(p.one.ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	c.Dials(twiliotest.DialEnd{Status: "no-answer", Rings: 2 * time.Second})
	c.PickUp()
	agent := p.one.chat()
	p.one.until("the opening is heard", func() bool { return len(w.ledger.Facts(consent.OpeningPlayed)) == 1 })
	agent.reply(t, "a", "One moment.", 440, 300*time.Millisecond)
	agent.CallTool("t1", builtin.TransferCall, `{"to":"sales"}`, true)
	p.one.until("it rings", func() bool { return len(c.Dialled()) == 1 })
	for _, r := range []*rig{p.one, p.two} {
		r.board.Revoked(consent.Fact{Type: consent.Revoke, Number: numberOf(callee), Seller: seller.Name})
	}
	over(t, c)
	p.one.until("the call is over", func() bool { return p.one.now(c).Outcome == string(call.Failed) })
	noFaults(t, c)
}

// The third transfer that nobody takes is the last, and the call has an outcome, though its
// result comes to another instance.
func TestTransfersEndElsewhere(t *testing.T) {
	p := newPair(t)
	p.second.Store(p.one)
	p.phone.DialEnds = "busy"
	c, _ := p.putThrough(t, twiliotest.DialEnd{Status: "busy"}, `{"to":"sales"}`)
	for i := range 2 {
		next := p.one.chat()
		next.reply(t, fmt.Sprint("b", i), "Once more.", 700, 300*time.Millisecond)
		next.CallTool(fmt.Sprint("t2", i), builtin.TransferCall, `{"to":"sales"}`, true)
	}
	over(t, c)
	p.two.until("the call is over", func() bool { return p.two.now(c).Outcome != "" })
	if rec := p.two.now(c); rec.Outcome != string(call.Failed) || len(notes(rec)) != 3 {
		t.Errorf("the outcome is %q, notes %q", rec.Outcome, notes(rec))
	}
	if got := p.ended(t); len(got) != 1 || got["failed"] != 1 {
		t.Errorf("counted: %v", got)
	}
	noFaults(t, c)
}

// over waits for a call that ends by itself.
func over(t *testing.T, c *twiliotest.Call) {
	t.Helper()
	select {
	case <-c.Done():
	case <-time.After(15 * time.Second):
		t.Fatalf("the call goes on: it followed %q", verbs(c))
	}
}
