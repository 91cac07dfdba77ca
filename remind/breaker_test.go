package remind_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// The carrier answers 503 to every call of an agent. After five of them its campaign
// rests instead of burning through; then one is tried, and when that succeeds all are.
func TestCampaignRestsWhileTheCarrierFails(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	s := begin(t, db, w, func(c *remind.Config) {
		c.Policy.FailureDelay, c.Policy.Rest, c.Workers = time.Minute, 8*time.Second, 1
	})
	fails := true // world.mu guards it
	w.decide = func(o call.Order, _ int) error {
		if !fails {
			s.Carrier(o.Agent, nil)
			return nil
		}
		w.permit(o.To, o.ID, consent.PermitMinted)
		w.permit(o.To, o.ID, consent.PermitReleased)
		now := time.Now()
		c := calllog.Call{ID: o.ID, Version: 9, Direction: calllog.Outbound, To: o.To.E164(), Agent: o.Agent, Status: calllog.StatusCompleted, Outcome: calllog.OutcomeFailed, StartedAt: now, EndedAt: &now}
		if err := w.calls.Apply(t.Context(), []calllog.Change{{Call: &c}}); err != nil {
			return err
		}
		s.Carrier(o.Agent, errors.New("the API answered 503"))
		s.CallEnded(c)
		return nil
	}
	var list []remind.Reminder
	for i := range 12 {
		list = append(list, reminder(number(t, i), time.Now()))
	}
	list, _, err := s.Add(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	resting := 0
	for _, r := range list {
		r = until(t, s, r.ID, "tried or at rest", func(r remind.Reminder) bool { return r.Reason != "" })
		if r.Status == remind.Scheduled && r.Attempts == 0 && strings.Contains(r.Reason, "calls fail at the carrier") {
			resting++
		}
	}
	if resting != 7 {
		t.Errorf("%d of 12 rest after 5 failures", resting)
	}
	pauses, err := s.Pauses(t.Context())
	if err != nil || len(pauses) != 1 || pauses[0].Agent != "reminders" {
		t.Errorf("pauses %v, %v", pauses, err)
	}
	w.mu.Lock()
	fails = false
	w.mu.Unlock()
	called := 0
	for end := time.Now().Add(patient); called < 7 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		called = 0
		for _, n := range w.allRings() {
			called += n
		}
	}
	if called < 7 {
		t.Errorf("%d are called after the rest", called)
	}
}

// A rest that another instance has begun holds here too, for its agent alone.
func TestRestHoldsOnAllInstances(t *testing.T) {
	t.Parallel()
	db, w := fresh(t)
	if err := db.Reminders().Pause(t.Context(), remind.Pause{Agent: "reminders", Until: time.Now().Add(time.Hour), Reason: "the carrier fails"}); err != nil {
		t.Fatal(err)
	}
	s := begin(t, db, w)
	rests := add(t, s, reminder(number(t, 1), time.Now()))
	other := reminder(number(t, 2), time.Now())
	other.Order.Agent = "other"
	other = add(t, s, other)
	becomes(t, s, other.ID, remind.Calling)
	r := until(t, s, rests.ID, "at rest", func(r remind.Reminder) bool { return strings.Contains(r.Reason, "calls fail at the carrier") })
	if r.Status != remind.Scheduled || r.NextAt.Before(time.Now().Add(50*time.Minute)) || w.rings(number(t, 1)) != 0 {
		t.Errorf("%+v", r)
	}
}
