package remind_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

func TestCallIsPlacedWhenDueAndDoneWhenAnswered(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	becomes(t, s, r.ID, remind.Calling)
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return len(r.CallIDs) == 1 && r.Attempts == 1 })
	s.CallEnded(w.end(t, n, calllog.OutcomeAgentEnded, true))
	r = becomes(t, s, r.ID, remind.Done)
	if w.rings(n) != 1 || !r.NextAt.IsZero() || !strings.Contains(r.Reason, "agent_ended") {
		t.Errorf("%d rings, next %v, %q", w.rings(n), r.NextAt, r.Reason)
	}
	if r.Order.To != n || r.Order.Variables["name"] != "Dana" || r.Order.Location.State != "CA" || r.Order.Subject != "appointment" {
		t.Errorf("the order came back as %+v", r.Order)
	}
}

// Nobody told the service how the call ended: it asks the log.
func TestEndOfCallIsFoundInTheLog(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	w.end(t, n, calllog.OutcomeVoicemail, true)
	becomes(t, s, r.ID, remind.Done)
}

func TestNothingIsPlacedBeforeItIsDue(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	due := time.Now().Add(2 * time.Second)
	r := add(t, s, reminder(n, due))
	becomes(t, s, r.ID, remind.Calling)
	if early := time.Until(due); early > 0 {
		t.Errorf("the call was placed %v early", early)
	}
}

func TestDeferredCallIsPlacedAtNotBefore(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	var notBefore time.Time
	w.decide = func(_ call.Order, asked int) error {
		if asked == 1 {
			notBefore = time.Now().Add(2 * time.Second)
		}
		if time.Now().Before(notBefore) {
			return denied(consent.Defer, notBefore, consent.Result{Rule: "hours.federal", Status: consent.Fail, Effect: consent.EffectDefer, Reason: "it is night"})
		}
		return nil
	}
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	r = becomes(t, s, r.ID, remind.Deferred)
	if r.Attempts != 0 || len(r.CallIDs) != 0 || len(r.Rules) != 1 || r.Rules[0] != "hours.federal" || r.NextAt.Before(notBefore.Truncate(time.Microsecond)) {
		t.Errorf("deferred: %d attempts, calls %v, rules %v, next %v; not before %v", r.Attempts, r.CallIDs, r.Rules, r.NextAt, notBefore)
	}
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	if w.mu.Lock(); w.asked[n] != 2 {
		t.Errorf("the gate was asked %d times", w.asked[n])
	}
	w.mu.Unlock()
}

func TestHeldCallIsLookedAtAgainUpToALimit(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	w.decide = func(o call.Order, asked int) error {
		if o.Subject == "never" || asked < 3 {
			return denied(consent.Hold, time.Time{}, consent.Result{Rule: "reassigned.stale", Status: consent.Unknown, Effect: consent.EffectHold, Reason: "nobody has asked"})
		}
		return nil
	}
	s := begin(t, db, w, func(c *remind.Config) { c.Policy.Holds = 4 })
	r := add(t, s, reminder(number(t, 1), time.Now()))
	never := reminder(number(t, 2), time.Now())
	never.Order.Subject = "never"
	never = add(t, s, never)
	becomes(t, s, r.ID, remind.Calling)
	never = becomes(t, s, never.ID, remind.GaveUp)
	if !strings.HasPrefix(never.Reason, "held 4 times") || w.rings(number(t, 2)) != 0 {
		t.Errorf("%q, %d rings", never.Reason, w.rings(number(t, 2)))
	}
}

func TestRefusedCallSaysWhichRules(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	w.decide = func(call.Order, int) error {
		return denied(consent.Deny, time.Time{},
			consent.Result{Rule: "revoked", Status: consent.Fail, Effect: consent.EffectBlock, Reason: "the person said stop"},
			consent.Result{Rule: "dnc.internal", Status: consent.Fail, Effect: consent.EffectBlock, Reason: "on the list"})
	}
	s := begin(t, db, w)
	r := add(t, s, reminder(number(t, 1), time.Now()))
	r = becomes(t, s, r.ID, remind.Refused)
	if len(r.Rules) != 2 || r.Reason != "revoked: the person said stop; dnc.internal: on the list" {
		t.Errorf("rules %v, reason %q", r.Rules, r.Reason)
	}
}

// What is away is asked again, as often as it takes.
func TestLedgerAndOtherTroubleAreOutwaited(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]error{
		"the ledger":        &consent.LedgerError{Err: errors.New("connection refused")},
		"this instance":     call.ErrDraining,
		"room":              call.ErrFull,
		"the gate":          call.ErrNoGate,
		"an agent's config": &call.OrderError{Fields: []call.FieldError{{Field: "agent", Problem: "unknown agent"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			w.decide = func(_ call.Order, asked int) error {
				if asked < 5 {
					return trouble
				}
				return nil
			}
			s := begin(t, db, w)
			r := add(t, s, reminder(number(t, 1), time.Now()))
			until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
			if w.rings(number(t, 1)) != 1 {
				t.Errorf("%d rings", w.rings(number(t, 1)))
			}
		})
	}
}

func TestUnansweredCallIsTriedAgainAndGivenUp(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	for i, outcome := range []string{calllog.OutcomeNoAnswer, calllog.OutcomeBusy, calllog.OutcomeFailed} {
		until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == i+1 && r.Status == remind.Calling })
		s.CallEnded(w.end(t, n, outcome, false))
	}
	r = becomes(t, s, r.ID, remind.GaveUp)
	if w.rings(n) != 3 || len(r.CallIDs) != 3 || r.Reason != "called 3 times; the last call ended: failed" {
		t.Errorf("%d rings, %d calls, %q", w.rings(n), len(r.CallIDs), r.Reason)
	}
}

// No telephone rang: that is no attempt, but not for ever.
func TestCallThatRangNowhereCountsAsNone(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w, func(c *remind.Config) { c.Policy.Failures = 5 })
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	for i := range 5 {
		until(t, s, r.ID, "called", func(r remind.Reminder) bool { return len(r.CallIDs) == i+1 && r.Status == remind.Calling })
		w.mu.Lock()
		w.permit(n, w.last[n].ID, consent.PermitReleased)
		w.mu.Unlock()
		c := w.last[n]
		now := time.Now()
		c.Outcome, c.Version, c.EndedAt = calllog.OutcomeFailed, 2, &now
		if err := w.calls.Apply(t.Context(), []calllog.Change{{Call: &c}}); err != nil {
			t.Fatal(err)
		}
		s.CallEnded(c)
	}
	r = becomes(t, s, r.ID, remind.GaveUp)
	if r.Attempts != 0 || r.Reason != "5 times a call failed before the telephone rang" {
		t.Errorf("%d attempts, %q", r.Attempts, r.Reason)
	}
}

func TestCallThatFailedAfterItWasAnsweredIsNotRepeated(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	s.CallEnded(w.end(t, n, calllog.OutcomeFailed, true))
	becomes(t, s, r.ID, remind.GaveUp)
}

func TestReminderIsGivenUpWhenItsTimeHasLongPassed(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	w.decide = func(call.Order, int) error {
		return denied(consent.Defer, time.Now().Add(8*24*time.Hour), consent.Result{Rule: "holiday", Status: consent.Fail, Effect: consent.EffectDefer, Reason: "a long one"})
	}
	s := begin(t, db, w)
	old := add(t, s, reminder(number(t, 1), time.Now().Add(-8*24*time.Hour)))
	far := add(t, s, reminder(number(t, 2), time.Now()))
	old, far = becomes(t, s, old.ID, remind.GaveUp), becomes(t, s, far.ID, remind.GaveUp)
	if !strings.Contains(old.Reason, "not placed within 7 days") || !strings.Contains(far.Reason, "a long one") {
		t.Errorf("%q, %q", old.Reason, far.Reason)
	}
	if len(w.allRings()) != 0 {
		t.Error("somebody was rung")
	}
}

// Placing fails in a way that tells nothing: the ledger knows whether it was placed.
func TestUnknownErrorIsLookedUp(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		permit bool
		want   remind.Status
		rings  int
	}{
		{"without a permit it is placed again", false, remind.Calling, 1},
		{"with a permit it may have rung, and is not placed again", true, remind.GaveUp, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			n := number(t, 1)
			w.decide = func(o call.Order, asked int) error {
				if asked > 1 {
					return nil
				}
				if c.permit {
					w.permit(o.To, o.ID, consent.PermitMinted)
				}
				return errors.New("the connection broke")
			}
			s := begin(t, db, w, hasty)
			r := add(t, s, reminder(n, time.Now()))
			becomes(t, s, r.ID, remind.Calling)
			r = until(t, s, r.ID, "looked up", func(r remind.Reminder) bool { return r.Status == c.want && r.Attempts == 1 })
			if w.rings(n) != c.rings {
				t.Errorf("%d rings", w.rings(n))
			}
		})
	}
}

// Somebody who hangs while placing does not hold the worker for ever.
func TestPlacingHasADeadline(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	first := true
	w.placing = func(ctx context.Context, _ call.Order) error {
		if first {
			first = false
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	s := begin(t, db, w, hasty)
	r := add(t, s, reminder(number(t, 1), time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	if w.rings(number(t, 1)) != 1 {
		t.Errorf("%d rings", w.rings(number(t, 1)))
	}
}
