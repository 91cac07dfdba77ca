package remind_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// A reminder that is looked at again and again writes a decision when it changes, by
// its outcome or its rules, and only then. Each look is a letter: what the gate says.
func TestDecisionIsWrittenWhenItChanges(t *testing.T) {
	t.Parallel()
	fails := func(effect consent.Effect, rules ...string) (list []consent.Result) {
		for _, r := range rules {
			list = append(list, consent.Result{Rule: r, Status: consent.Fail, Effect: effect, Reason: r})
		}
		return list
	}
	ledger := &consent.LedgerError{Err: errors.New("connection refused")}
	says := map[byte]func() error{
		'h': func() error { return denied(consent.Hold, time.Time{}, fails(consent.EffectHold, "reassigned")...) },
		'H': func() error {
			return denied(consent.Hold, time.Time{}, fails(consent.EffectHold, "reassigned", "dnc.state")...)
		},
		'o': func() error {
			return denied(consent.Hold, time.Time{}, fails(consent.EffectHold, "dnc.state", "reassigned")...)
		},
		'd': func() error {
			return denied(consent.Defer, time.Now().Add(50*time.Millisecond), fails(consent.EffectDefer, "hours.federal")...)
		},
		'D': func() error {
			return denied(consent.Defer, time.Now().Add(50*time.Millisecond), fails(consent.EffectDefer, "hours.federal", "cap.day")...)
		},
		'n': func() error { return denied(consent.Deny, time.Time{}, fails(consent.EffectBlock, "revoked")...) },
		'l': func() error { return ledger },
		'y': func() error { return nil },
	}
	for looks, c := range map[string]struct {
		rows int // decisions
		ends remind.Status
	}{
		"hhhhhy":       {2, remind.Calling},
		"ddddy":        {2, remind.Calling},
		"hhHHoy":       {3, remind.Calling},
		"hHhHy":        {5, remind.Calling},
		"ddDDdy":       {4, remind.Calling},
		"hhdhhn":       {4, remind.Refused},
		"hlhllh" + "y": {2, remind.Calling}, // what the ledger never took is no decision
		"dldy":         {2, remind.Calling},
		"y":            {1, remind.Calling},
		"n":            {1, remind.Refused},
	} {
		t.Run(looks, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			var look atomic.Int64 // index of the one under way
			var rows atomic.Int64
			look.Store(-1)
			now := func() error { return says[looks[min(int(look.Load()), len(looks)-1)]]() }
			w.decide = func(call.Order, int) error {
				err := now()
				if !errors.Is(err, ledger) {
					rows.Add(1)
				}
				return err
			}
			s := begin(t, db, w, func(c *remind.Config) {
				c.Policy.Hold, c.Policy.Holds = 50*time.Millisecond, 100
				c.Check = func(context.Context, call.Order) (consent.Decision, error) {
					look.Add(1)
					err := now()
					var d *consent.DeniedError
					if errors.As(err, &d) {
						return d.Decision, nil
					}
					return consent.Decision{Outcome: consent.Allow}, err
				}
			})
			r := add(t, s, reminder(number(t, 1), time.Now()))
			until(t, s, r.ID, "settled", func(r remind.Reminder) bool { // while it is placed it is calling, too
				return r.Status == c.ends && (r.Attempts == 1 || c.ends == remind.Refused)
			})
			if n := rows.Load(); n != int64(c.rows) {
				t.Errorf("%d decisions were written, want %d", n, c.rows)
			}
			if want := c.ends == remind.Calling; (w.rings(r.Order.To) == 1) != want {
				t.Errorf("%d rings", w.rings(r.Order.To))
			}
		})
	}
}

// Held for the same reason for too long, it is given up without another decision.
func TestUnchangedReminderIsGivenUp(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	hold := denied(consent.Hold, time.Time{}, consent.Result{Rule: "reassigned", Status: consent.Fail, Effect: consent.EffectHold, Reason: "nobody asked"})
	w.decide = func(call.Order, int) error { return hold }
	s := begin(t, db, w, func(c *remind.Config) {
		c.Policy.Hold, c.Policy.Holds = 20*time.Millisecond, 5
		c.Check = func(context.Context, call.Order) (consent.Decision, error) {
			return hold.(*consent.DeniedError).Decision, nil
		}
	})
	r := becomes(t, s, add(t, s, reminder(number(t, 1), time.Now())).ID, remind.GaveUp)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked[number(t, 1)] != 1 || r.Reason != "held 5 times; the last reason: reassigned: nobody asked" {
		t.Errorf("%d decisions, %q", w.asked[number(t, 1)], r.Reason)
	}
}
