package call_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A cleared call is placed, opened, proved and logged.
func TestAllowed(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		head, c := d.place()
		if head.Status != calllog.StatusQueued || head.DecisionSeq == nil || *head.DecisionSeq != 1 || head.Direction != calllog.Outbound {
			d.Errorf("placed: %+v", head)
		}
		form := c.Create()
		if form.Get("To") != callee || form.Get("From") != number || form.Get("TimeLimit") != "3660" || form.Get("Timeout") != "30" ||
			form.Get("Url") != public+"/twilio/answer?call="+head.ID || form.Get("StatusCallback") != public+"/twilio/status?call="+head.ID ||
			form.Get("AsyncAmdStatusCallback") != public+"/twilio/amd?call="+head.ID || form.Get("MachineDetection") != "Enable" || form.Get("AsyncAmd") != "true" ||
			!slices.Equal(form["StatusCallbackEvent"], []string{"initiated", "ringing", "answered", "completed"}) {
			d.Errorf("asked of Twilio: %v", form)
		}
		if rec := d.logged(head.ID); rec.Status != calllog.StatusRinging || rec.TwilioCallSID != c.SID || rec.AnsweredAt != nil {
			d.Errorf("while it rings: %+v", rec)
		}
		d.pass(5 * time.Second)
		d.agents.Answers <- nil
		c.PickUp()
		d.await(c, twiliotest.Started, "")
		p := <-d.agents.Dialled
		if got := p.Session.Variables["name"]; got != "Dana" {
			d.Errorf("the agent is told %q", p.Session.Variables)
		}
		speaks(p, "a", "It is about your appointment.", sound(500*time.Millisecond, 1))
		d.pass(2 * time.Second)
		heard := c.Heard()
		if count(heard, openingSound) != time.Second || count(heard, 1) != 500*time.Millisecond || firstOf(heard, 1) < firstOf(heard, openingSound)+time.Second {
			d.Errorf("heard %v of the opening, %v of the agent, from %v on", count(heard, openingSound), count(heard, 1), firstOf(heard, 1))
		}
		c.HangUp()
		<-c.Done()
		rec := d.outcome(head.ID, call.CallerHungUp)
		if rec.AnsweredAt == nil || rec.Opening == nil || !rec.Opening.Complete || rec.Opening.PlayedAt == nil || *rec.DecisionSeq != 1 || rec.To != callee {
			d.Errorf("the log has %+v", rec)
		}
		if said(d, rec, "It is about your appointment.").Heard != calllog.HeardFull {
			d.Error("what the agent said was not heard")
		}
		played := d.ledger.Facts(consent.OpeningPlayed)
		if len(played) != 1 || played[0].CallID != head.ID || len(played[0].TextSHA256) != 64 || played[0].Number != numberOf(callee) {
			d.Errorf("the ledger has %+v of the opening", played)
		}
		end := d.permits(head.ID, consent.PermitEnded)[0]
		if end.FirstAudioMS < 1 || end.FirstAudioMS > 1000 || end.Abandoned || end.PermitID != rec.Order.PermitID {
			d.Errorf("the permit's end: %+v", end)
		}
		if asked := d.rules.Decided(); len(asked) != 2 || asked[0].AtAnswer || !asked[1].AtAnswer || asked[1].Location != toCallee().Location ||
			asked[0].CallID != head.ID || asked[0].FromSeller != "riverbend" || asked[0].Purpose != consent.Informational {
			d.Errorf("the gate was asked %+v", asked)
		}
		noFaults(d, c)
	})
}

// No consent, no call; and every wrong field of an order is named.
func TestRefused(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.rules.Refuse("consent.missing", "dnc.national")
		_, decision, err := d.board.Place(d.ctx, toCallee())
		var denied *consent.DeniedError
		if !errors.As(err, &denied) || decision.Outcome != consent.Deny || len(decision.Failing()) != 2 || decision.Seq != 1 {
			d.Errorf("denied: %v, %+v", err, decision)
		}
		d.rules.Refuse()
		d.ledger.Set(1)
		_, _, err = d.board.Place(d.ctx, toCallee())
		var away *consent.LedgerError
		if !errors.As(err, &away) {
			d.Errorf("without a ledger: %v", err)
		}
		_, _, err = d.board.Place(d.ctx, call.Order{Agent: "nobody", Purpose: "fun", Location: consent.Location{State: "ca", Zone: "Mars"}})
		var wrong *call.OrderError
		if !errors.As(err, &wrong) || len(wrong.Fields) != 6 {
			d.Errorf("a wrong order: %v", err)
		}
		d.pass(time.Minute)
		if n := len(d.person.Calls()); n != 0 || d.board.Live() != 0 {
			d.Errorf("%d calls were placed, %d are live", n, d.board.Live())
		}
	})
}

// Busy, no answer and failed are told apart.
func TestNobodyAnswers(t *testing.T) {
	for _, tt := range []struct {
		name, status, sip string
		want              call.Reason
	}{
		{"busy", "busy", "", call.Busy},
		{"no answer", "no-answer", "", call.NoAnswer},
		{"failed", "failed", "", call.Failed},
		{"failed with 480", "failed", "480", call.NoAnswer},
		{"canceled", "canceled", "", call.Failed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				head, c := d.place()
				c.DeclineSIP(tt.status, tt.sip)
				<-c.Done()
				rec := d.outcome(head.ID, tt.want)
				if rec.AnsweredAt != nil || rec.Opening != nil {
					d.Errorf("the log has %+v", rec)
				}
				if end := d.permits(head.ID, consent.PermitEnded); len(end) != 1 || end[0].Abandoned || end[0].FirstAudioMS != 0 {
					d.Errorf("the permit's end: %+v", end)
				}
			})
		})
	}
}

// Nobody answers, and no callback ever comes: Twilio is asked.
func TestNoCallbacks(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Callbacks = twiliotest.Never
		head, c := d.place()
		<-c.Done() // Twilio stops ringing by itself
		if d.board.Live() != 1 {
			d.Error("the call is over before anybody knew")
		}
		d.pass(20 * time.Second)
		d.outcome(head.ID, call.NoAnswer)
	})
}

// A call that Twilio queues and does not ring in time is given up.
func TestQueuedTooLong(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Callbacks = twiliotest.Never
		d.person.Queued = time.Hour
		head, c := d.place()
		d.pass(4 * time.Minute)
		d.outcome(head.ID, call.NoAnswer)
		if c.Ended() != "rest" {
			d.Errorf("the call was ended by %q", c.Ended())
		}
	})
}

// Callbacks that come late, twice and backwards end in the same log.
func TestCallbacksShuffled(t *testing.T) {
	for name, how := range map[string]twiliotest.Callbacks{"twice": twiliotest.Twice, "shuffled": twiliotest.Shuffled, "never": twiliotest.Never} {
		t.Run(name, func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				d.person.Callbacks = how
				head, c, _ := d.opened()
				c.HangUp()
				<-c.Done()
				d.pass(5 * time.Second)
				d.outcome(head.ID, call.CallerHungUp)
			})
		})
	}
}

// An order may bring the id of its call, which is good once.
func TestOrderBringsItsID(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		o := toCallee()
		o.ID = "call_chosen"
		head, _, err := d.board.Place(d.ctx, o)
		if err != nil || head.ID != o.ID {
			d.Fatalf("%+v, %v", head, err)
		}
		var wrong *call.OrderError
		if _, _, err := d.board.Place(d.ctx, o); !errors.As(err, &wrong) || len(d.rules.Decided()) != 1 {
			d.Errorf("again: %v", err)
		}
	})
}
