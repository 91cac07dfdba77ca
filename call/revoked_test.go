package call_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/consenttest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Consent that is withdrawn at any moment of a call ends it at once, and that is no
// opt-out in the call.
func TestRevoked(t *testing.T) {
	t.Run("between the decision and the dial", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			d.person.Will(twiliotest.CreateTooMany)
			head, _, err := d.board.Place(d.ctx, toCallee())
			if err != nil {
				d.Fatal(err)
			}
			synctest.Wait()
			d.revoke()
			d.pass(time.Minute)
			if rec := d.revokedOutcome(head.ID); rec.TwilioCallSID != "" || len(d.person.Calls()) != 0 {
				d.Errorf("rung all the same: %+v", rec)
			}
		})
	})
	t.Run("while Twilio is asked", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			d.person.Will(twiliotest.CreateHangsAfter)
			d.person.Queued = 5 * time.Second
			head, c := d.place()
			d.revoke()
			d.pass(500 * time.Millisecond)
			d.revokedOutcome(head.ID)
			<-c.Done() // as soon as Twilio has told its name
			if c.Ended() != "rest" {
				d.Errorf("the call was ended by %q", c.Ended())
			}
			if rec := d.logged(head.ID); rec.TwilioCallSID != c.SID {
				d.Errorf("the log names %q", rec.TwilioCallSID)
			}
		})
	})
	t.Run("while Twilio is asked, and no callback comes", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			d.person.Will(twiliotest.CreateFailsAfter)
			d.person.Callbacks = twiliotest.Never
			head, c := d.place()
			d.revoke()
			d.pass(10 * time.Second)
			d.revokedOutcome(head.ID)
			if c.Ended() != "rest" {
				d.Errorf("the call was ended by %q", c.Ended())
			}
		})
	})
	t.Run("while it rings", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c := d.place()
			d.revoke()
			d.endsWithin(c, time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("while it rings, and Twilio has troubles of its own", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c := d.place()
			trouble := twiliotest.Failure{Status: 503, Code: 20503, Message: "Service unavailable"}
			d.api.Fail(trouble, trouble)
			d.revoke()
			d.endsWithin(c, 3*time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("while the stream is awaited", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, _, err := d.board.Place(d.ctx, toCallee())
			if err != nil {
				d.Fatal(err)
			}
			c, err := d.person.Rung(d.ctx, 1)
			if err != nil {
				d.Fatal(err)
			}
			d.agents.Answers <- nil
			doc, err := documents.Write(d.board.AnswerOutbound(d.ctx, carrier.Incoming{Call: carrier.CallID(c.SID)}, head.ID))
			if err != nil || !strings.Contains(doc, "<Stream") {
				d.Errorf("the answer is %s, %v", doc, err)
			}
			d.revoke()
			d.endsWithin(c, time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("in mid-call", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c, p := d.opened()
			speaks(p, "a", "A long offer.", sound(20*time.Second, 1))
			d.pass(3 * time.Second)
			d.revoke()
			d.endsWithin(c, time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("while another stream is awaited", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c, _ := d.opened()
			d.slow.Store(int64(3 * time.Second))
			c.CutStream()
			d.pass(time.Second)
			d.revoke()
			d.endsWithin(c, time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("by a new owner of the number", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c, _ := d.opened()
			d.board.Revoked(consent.Fact{Type: consent.NumberFact, Number: numberOf(callee), Reassigned: consent.Yes})
			d.endsWithin(c, time.Second)
			d.revokedOutcome(head.ID)
		})
	})
	t.Run("of another number, or for another seller, or not at all", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			_, c, _ := d.opened()
			for _, f := range []consent.Fact{
				{Type: consent.Revoke, Number: numberOf(caller), Seller: seller.Name}, {Type: consent.Revoke, Number: numberOf(callee), Seller: "other"},
				{Type: consent.Grant, Number: numberOf(callee), Seller: seller.Name}, {Type: consent.Revoke, Seller: seller.Name},
			} {
				d.board.Revoked(f)
			}
			d.pass(3 * time.Second)
			if c.Ended() != "" {
				d.Errorf("the call was ended by %q", c.Ended())
			}
		})
	})
}

// Whom a live call must not be carried with any more is said by one function of consent, which
// rows of its own hold. Here: that a call asks it with its own seller, purpose and subject, and
// that a list ends no call that the person made to us.
func TestRevokedScope(t *testing.T) {
	for name, x := range map[string]struct {
		fact    consent.Fact
		inbound bool
		ends    bool
	}{
		"of the whole platform, by another seller":   {consent.Fact{Type: consent.Revoke, Seller: "harbor", Scope: consent.ScopePlatform}, false, true},
		"by another seller of the group":             {consent.Fact{Type: consent.Revoke, Seller: "riverbend-old"}, false, true},
		"by a stranger":                              {consent.Fact{Type: consent.Revoke, Seller: "harbor"}, false, false},
		"of another purpose":                         {consent.Fact{Type: consent.Revoke, Seller: seller.Name, Scope: consent.ScopePurpose, Purposes: []consent.Purpose{consent.Telemarketing}}, false, false},
		"of this subject":                            {consent.Fact{Type: consent.Revoke, Seller: seller.Name, Scope: consent.ScopeCategory, Subject: "appointment"}, false, true},
		"of another subject":                         {consent.Fact{Type: consent.Revoke, Seller: seller.Name, Scope: consent.ScopeCategory, Subject: "recall"}, false, false},
		"unclear":                                    {consent.Fact{Type: consent.OptOutUnclear, Seller: seller.Name}, false, false},
		"a list, while the person calls us":          {consent.Fact{Type: consent.DNCAdd, Seller: seller.Name}, true, false},
		"a STOP by text, while the person calls us":  {consent.Fact{Type: consent.Revoke, Seller: seller.Name, Scope: consent.AllAutomated}, true, false},
		"another holder, while a person calls us":    {consent.Fact{Type: consent.NumberFact, Reassigned: consent.Yes}, true, false},
		"another seller's list, when a person calls": {consent.Fact{Type: consent.DNCAdd, Seller: "harbor", Scope: consent.ScopePlatform}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) {
				p.Seller.Names = []string{seller.Name, "riverbend-old"}
			}, func(d *desk) {
				var c *twiliotest.Call
				if x.inbound {
					x.fact.Number = numberOf(caller)
					c, _ = d.connected()
				} else {
					x.fact.Number = numberOf(callee)
					_, c, _ = d.opened()
				}
				d.board.Revoked(x.fact)
				d.pass(time.Second)
				if (c.Ended() != "") != x.ends {
					d.Errorf("the call was ended by %q", c.Ended())
				}
			})
		})
	}
}

// A stop that reaches no ledger, only this instance's disk, or not even that, ends its calls all
// the same, and keeps the number from being called.
func TestRevokedWithoutTheLedger(t *testing.T) {
	for name, broken := range map[string]bool{"on disk": false, "in memory alone": true} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				head, c, _ := d.opened()
				d.ledger.Set(consenttest.Away)
				if broken {
					d.breakSpool()
				}
				if _, err := d.gate.RecordDurably(d.ctx, consent.Fact{Type: consent.Revoke, Number: numberOf(callee), Seller: seller.Name, Scope: consent.AllAutomated}); (err != nil) != broken {
					d.Errorf("kept: %v", err)
				}
				d.endsWithin(c, time.Second)
				d.ledger.Set(consenttest.Well)
				if rec := d.logged(head.ID); rec.Outcome != string(call.Failed) || len(notes(rec)) == 0 {
					d.Errorf("%q: %q", rec.Outcome, notes(rec))
				}
				if _, decision, err := d.board.Place(d.ctx, toCallee()); err == nil || decision.Outcome != consent.Deny {
					d.Errorf("called again: %v", err)
				}
			})
		})
	}
}

func (d *desk) endsWithin(c *twiliotest.Call, bound time.Duration) {
	d.Helper()
	began := time.Now()
	<-c.Done()
	if took := time.Since(began); took > bound {
		d.Errorf("the call ends after %v", took)
	}
}

func (d *desk) revokedOutcome(id string) calllog.Call {
	d.Helper()
	rec := d.outcome(id, call.Failed)
	if n := notes(rec); len(n) == 0 || n[len(n)-1] != "consent was withdrawn" {
		d.Errorf("the notes are %q", n)
	}
	if n := len(d.ledger.Facts(consent.OptOutInCall)); n != 0 {
		d.Error("the ledger has it that they said so in the call")
	}
	return rec
}

// What nobody told this instance of, the gate finds when the call is answered: it is hung
// up before any sound. The same without a ledger.
func TestNotAllowedAtAnswer(t *testing.T) {
	for name, tt := range map[string]struct {
		meanwhile func(*desk)
		note      string
	}{
		"revoked":        {(*desk).revoke, "revoked"},
		"too late":       {func(d *desk) { d.rules.Refuse("hours.federal", "holiday.US") }, "hours.federal, holiday.US"},
		"ledger away":    {func(d *desk) { d.ledger.Set(consenttest.Away) }, "ledger"},
		"ledger hanging": {func(d *desk) { d.ledger.Set(consenttest.Hangs) }, "ledger"},
	} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				d.ledger.Watch = nil
				head, c := d.place()
				tt.meanwhile(d)
				d.agents.Answers <- nil
				c.PickUp()
				d.endsWithin(c, 3*time.Second)
				d.ledger.Set(consenttest.Well)
				if c.StreamSID() != "" || len(c.Heard()) != 0 {
					d.Error("the call had a stream")
				}
				synctest.Wait()
				select {
				case p := <-d.agents.Dialled:
					if <-p.Closed(); len(p.Heard()) != 0 || len(p.Said()) != 0 {
						d.Error("the agent heard something")
					}
				default: // the gate was quicker than the dial
				}
				d.pass(15 * time.Second)
				rec := d.logged(head.ID)
				if n := notes(rec); rec.Outcome != string(call.Failed) || len(n) != 1 || !strings.Contains(n[0], tt.note) {
					d.Errorf("%q: %q", rec.Outcome, n)
				}
			})
		})
	}
}

// during decides as the rules do, and lets something happen meanwhile.
type during struct {
	consent.Decider
	do func()
}

func (r during) Decide(req consent.Request, s consent.Snapshot, now time.Time) consent.Decision {
	d := r.Decider.Decide(req, s, now)
	r.do()
	return d
}

// The news may be here before the call is.
func TestRevokedDuringTheDecision(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.gate.Policy = during{d.rules, func() {
			d.board.Revoked(consent.Fact{Type: consent.Revoke, Number: numberOf(callee), Seller: seller.Name})
		}}
		head, _, err := d.board.Place(d.ctx, toCallee())
		if err != nil {
			d.Fatal(err)
		}
		d.pass(time.Minute)
		d.revokedOutcome(head.ID)
		if n := len(d.person.Calls()); n != 0 {
			d.Errorf("rung %d times", n)
		}
	})
}
