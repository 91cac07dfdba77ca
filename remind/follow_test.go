package remind_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// placerFunc places calls.
type placerFunc func(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error)

func (f placerFunc) Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
	return f(ctx, o)
}

func (f placerFunc) Request(o call.Order) (consent.Request, error) {
	return (*world)(nil).Request(o)
}

// A call may be over before whoever asked for it has its id.
func TestCallThatEndsBeforePlaceReturns(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	var s *remind.Service
	ready := make(chan struct{})
	s = begin(t, db, w, func(c *remind.Config) {
		c.Policy.Backoff = []time.Duration{time.Hour}
		c.Placer = placerFunc(func(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
			<-ready
			placed, d, err := w.Place(ctx, o)
			s.CallEnded(w.end(t, o.To, calllog.OutcomeBusy, false))
			time.Sleep(300 * time.Millisecond) // so that the hook is through
			return placed, d, err
		})
	})
	r := add(t, s, reminder(number(t, 1), time.Now()))
	close(ready)
	r = until(t, s, r.ID, "busy", func(r remind.Reminder) bool { return r.Status == remind.Scheduled && r.Attempts == 1 })
	time.Sleep(500 * time.Millisecond)
	again, err := s.Get(t.Context(), r.ID)
	if err != nil || again.Status != remind.Scheduled || again.Attempts != 1 || !again.NextAt.Equal(r.NextAt) || w.rings(number(t, 1)) != 1 {
		t.Errorf("then %+v, %v", again, err)
	}
}

// Somebody closed the call as failed whose instance seemed gone. It was not, and the
// person had answered.
func TestCallThatWasAnsweredAfterAll(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w, func(c *remind.Config) { c.Policy.Backoff = []time.Duration{2 * time.Second} })
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	s.CallEnded(w.end(t, n, calllog.OutcomeFailed, false))
	becomes(t, s, r.ID, remind.Scheduled)
	w.end(t, n, calllog.OutcomeCallerHungUp, true)
	r = becomes(t, s, r.ID, remind.Done)
	if w.rings(n) != 1 {
		t.Errorf("%d rings", w.rings(n))
	}
}

// The call was placed, and the log never hears of it.
func TestCallThatTheLogNeverHearsOf(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	asked := 0
	s := begin(t, db, w, func(c *remind.Config) {
		c.Placer = placerFunc(func(_ context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
			asked++
			w.mu.Lock()
			defer w.mu.Unlock()
			w.permit(o.To, o.ID, consent.PermitMinted)
			return calllog.Call{ID: o.ID}, consent.Decision{Outcome: consent.Allow}, nil
		})
	})
	r := add(t, s, reminder(number(t, 1), time.Now()))
	r = becomes(t, s, r.ID, remind.GaveUp)
	if asked != 1 || !strings.Contains(r.Reason, "may have rung and its result is unknown: not retried") || r.Attempts != 1 {
		t.Errorf("asked %d times, %+v", asked, r)
	}
}

// Whom the gate will not let through needs no place in the line, which is long.
func TestOnlyCallsThatMayBePlacedWaitInTheLine(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	line := db.CallRate(0.005) // one in 200 s
	if err := line.TakeSlot(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	w.decide = func(o call.Order, _ int) error {
		if o.Subject == "never" {
			return denied(consent.Deny, time.Time{}, consent.Result{Rule: "revoked", Status: consent.Fail, Effect: consent.EffectBlock, Reason: "no"})
		}
		return nil
	}
	s := begin(t, db, w, func(c *remind.Config) {
		c.Line = line
		c.Check = func(_ context.Context, o call.Order) (consent.Decision, error) {
			if o.Subject == "never" {
				return consent.Decision{Outcome: consent.Deny}, nil
			}
			return consent.Decision{Outcome: consent.Allow}, nil
		}
	})
	may := add(t, s, reminder(number(t, 1), time.Now()))
	for i := range 5 {
		never := reminder(number(t, 10+i), time.Now())
		never.Order.Subject = "never"
		never = add(t, s, never)
		becomes(t, s, never.ID, remind.Refused)
	}
	if r, err := s.Get(t.Context(), may.ID); err != nil || r.Status != remind.Scheduled || w.rings(number(t, 1)) != 0 {
		t.Errorf("whoever waits in the line is %s, %v", r.Status, err)
	}
}

// An instance that is told to be quiet places nothing more, and still hears how its
// calls end.
func TestQuietInstanceHearsHowItsCallsEnd(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w)
	n := number(t, 1)
	r := add(t, s, reminder(n, time.Now()))
	until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
	if err := s.Quiet(t.Context()); err != nil {
		t.Fatal(err)
	}
	late := add(t, s, reminder(number(t, 2), time.Now()))
	s.CallEnded(w.end(t, n, calllog.OutcomeAgentEnded, true))
	becomes(t, s, r.ID, remind.Done)
	time.Sleep(500 * time.Millisecond)
	if got, err := s.Get(t.Context(), late.ID); err != nil || got.Status != remind.Scheduled || w.rings(number(t, 2)) != 0 {
		t.Errorf("%s, %v", got.Status, err)
	}
	other := begin(t, db, w)
	becomes(t, other, late.ID, remind.Calling)
}

// A number that the carrier refuses for good is not tried again, whether or not Twilio
// took the call.
func TestNumberRefusedForGoodIsTriedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		failure calllog.Failure
		status  string // of the permit
		reason  string
	}{
		"twilio-refuses-it":  {calllog.Failure{Cause: calllog.CauseNumber, Code: 21211}, consent.PermitReleased, "the carrier permanently refuses the number (error 21211)"},
		"the-network-has-it": {calllog.Failure{Cause: calllog.CauseNumber, SIP: 404}, consent.PermitEnded, "the carrier permanently refuses the number (SIP response 404)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db, w := fresh(t)
			s := begin(t, db, w)
			n := number(t, 1)
			r := add(t, s, reminder(n, time.Now()))
			until(t, s, r.ID, "called", func(r remind.Reminder) bool { return r.Attempts == 1 })
			w.mu.Lock()
			w.permit(n, w.last[n].ID, c.status)
			ended, now := w.last[n], time.Now()
			w.mu.Unlock()
			ended.Status, ended.Outcome, ended.Version, ended.EndedAt, ended.Failure = calllog.StatusCompleted, calllog.OutcomeFailed, 2, &now, &c.failure
			if err := w.calls.Apply(t.Context(), []calllog.Change{{Call: &ended}}); err != nil {
				t.Fatal(err)
			}
			r = becomes(t, s, r.ID, remind.GaveUp) // it reads the log
			if w.rings(n) != 1 || r.Reason != c.reason || len(r.CallIDs) != 1 {
				t.Errorf("%d rings, %q", w.rings(n), r.Reason)
			}
		})
	}
}
