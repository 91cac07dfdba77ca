package call_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// After an error, or no answer, with which the call exists all the same, it is found and
// nobody is rung twice.
func TestCreatedAllTheSame(t *testing.T) {
	for _, create := range []twiliotest.Create{twiliotest.CreateFailsAfter, twiliotest.CreateHangsAfter, twiliotest.CreateBrokenAfter} {
		for name, how := range map[string]twiliotest.Callbacks{"in order": twiliotest.InOrder, "never": twiliotest.Never} {
			t.Run(string(create)+", callbacks "+name, func(t *testing.T) {
				atDesk(t, nil, func(d *desk) {
					d.person.Will(create)
					d.person.Callbacks = how
					head, c := d.place()
					d.pass(20 * time.Second)
					if rec := d.logged(head.ID); rec.TwilioCallSID != c.SID {
						d.Errorf("the call is not found: %+v", rec)
					}
					d.agents.Answers <- nil
					c.PickUp()
					d.await(c, twiliotest.Started, "")
					<-d.agents.Dialled
					d.pass(2 * time.Second)
					c.HangUp()
					<-c.Done()
					d.pass(5 * time.Second)
					d.outcome(head.ID, call.CallerHungUp)
					if n := len(d.person.Calls()); n != 1 {
						d.Errorf("rung %d times", n)
					}
				})
			})
		}
	}
}

// A 500 after which there is no call: it is not placed again, and given up in the end.
func TestFailedForGood(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Will(twiliotest.CreateFails)
		head, _, err := d.board.Place(d.ctx, toCallee())
		if err != nil {
			d.Fatal(err)
		}
		d.pass(time.Minute)
		d.outcome(head.ID, call.Failed)
		if n := len(d.person.Calls()); n != 0 {
			d.Errorf("rung %d times", n)
		}
		if released := d.permits(head.ID, consent.PermitReleased); len(released) != 0 {
			d.Error("the attempt is not counted, though it may have rung")
		}
	})
}

// What Twilio refuses never rang: the permit is given back, and the log has the code.
func TestTwilioRefuses(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Will(twiliotest.CreateRefused)
		head, _, err := d.board.Place(d.ctx, toCallee())
		if err != nil {
			d.Fatal(err)
		}
		d.pass(time.Second)
		rec := d.outcome(head.ID, call.Failed)
		if n := notes(rec); len(n) != 1 || !strings.Contains(n[0], "21210") || strings.Contains(n[0], number[1:]) {
			d.Errorf("the notes are %q", n)
		}
		if released := d.permits(head.ID, consent.PermitReleased); len(released) != 1 {
			d.Error("the permit is not given back")
		}
	})
}

// Too many requests are repeated, while the permit lives.
func TestTooManyRequests(t *testing.T) {
	for _, tt := range []struct {
		times int
		rings bool
	}{{1, true}, {4, true}, {100, false}} {
		t.Run("", func(t *testing.T) {
			atDesk(t, nil, func(d *desk) {
				d.person.Will(slices.Repeat([]twiliotest.Create{twiliotest.CreateTooMany}, tt.times)...)
				head, _, err := d.board.Place(d.ctx, toCallee())
				if err != nil {
					d.Fatal(err)
				}
				d.pass(25 * time.Second)
				if tt.times == 100 {
					d.pass(30 * time.Second)
				}
				if got := len(d.person.Calls()); (got == 1) != tt.rings {
					d.Fatalf("rung %d times", got)
				}
				if !tt.rings {
					d.outcome(head.ID, call.Failed)
					return
				}
				d.person.Calls()[0].Decline("busy")
				d.pass(time.Second)
				d.outcome(head.ID, call.Busy)
			})
		})
	}
}

// What was found in Twilio's list is believed until a callback with our id names another
// call.
func TestCallbackCorrectsAGuess(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		d.person.Will(twiliotest.CreateFailsAfter)
		d.person.Callbacks = twiliotest.Never
		head, c := d.place()
		d.pass(2 * time.Second)
		if rec := d.logged(head.ID); rec.TwilioCallSID != c.SID {
			d.Fatalf("the log names %q", rec.TwilioCallSID)
		}
		d.board.Status(head.ID, carrier.Status{Call: someSID, State: carrier.Ringing})
		d.board.Status(head.ID, carrier.Status{Call: carrier.CallID(c.SID), State: carrier.Ringing})
		if rec := d.logged(head.ID); rec.TwilioCallSID != someSID {
			d.Errorf("the log names %q", rec.TwilioCallSID)
		}
	})
}

// Who asked for the call may go away while the gate decides: the permit is not lost.
func TestAskerGoesAway(t *testing.T) {
	atDesk(t, nil, func(d *desk) {
		ctx, cancel := context.WithCancel(d.ctx)
		cancel()
		head, _, err := d.board.Place(ctx, toCallee())
		if err != nil {
			d.Fatal(err)
		}
		c, err := d.person.Rung(d.ctx, 1)
		if err != nil {
			d.Fatal(err)
		}
		c.Decline("busy")
		<-c.Done()
		d.outcome(head.ID, call.Busy)
	})
}
