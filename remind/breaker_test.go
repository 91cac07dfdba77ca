package remind_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// The carrier answers 503 to every call of one agent. After five of them its
// campaign rests, on all instances; the others' goes on; then one is tried, and when
// that succeeds all are.
func TestCampaignRestsWhileTheCarrierFails(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db, second := postgrestest.Open(t, url), postgrestest.Open(t, url)
	w := newWorld(db)
	patient := func(c *remind.Config) {
		c.Policy.FailureDelay, c.Policy.Rest, c.Workers = 300*time.Millisecond, 6*time.Second, 1
	}
	s := begin(t, db, w, patient)
	fails := true // world.mu guards it
	w.decide = func(o call.Order, _ int) error {
		if o.Agent != "reminders" {
			return nil
		}
		if !fails {
			s.Carrier(o.Agent, false)
			return nil
		}
		w.permit(o.To, o.ID, consent.PermitMinted)
		w.permit(o.To, o.ID, consent.PermitReleased)
		now := time.Now()
		c := calllog.Call{ID: o.ID, Version: 9, Direction: calllog.Outbound, To: o.To.E164(), Agent: o.Agent, Status: calllog.StatusCompleted, Outcome: calllog.OutcomeFailed, StartedAt: now, EndedAt: &now}
		if err := w.calls.Apply(t.Context(), []calllog.Change{{Call: &c}}); err != nil {
			return err
		}
		s.Carrier(o.Agent, true)
		s.CallEnded(c)
		return nil
	}
	var list []remind.Reminder
	for i := range 30 {
		list = append(list, reminder(number(t, i), time.Now()))
	}
	list, _, err := s.Add(t.Context(), list...)
	if err != nil {
		t.Fatal(err)
	}
	resting := until(t, s, list[29].ID, "rests", func(r remind.Reminder) bool { return strings.Contains(r.Reason, "rest until") })
	if resting.Status != remind.Scheduled || resting.Attempts != 0 {
		t.Errorf("a resting reminder is %s after %d attempts", resting.Status, resting.Attempts)
	}
	w.mu.Lock()
	asked := 0
	for _, n := range w.asked {
		asked += n
	}
	fails = false
	w.mu.Unlock()
	if asked > 10 { // 5, and few that were on their way
		t.Errorf("%d calls were tried before the campaign rested", asked)
	}
	pauses, err := s.Pauses(t.Context())
	if err != nil || len(pauses) != 1 || pauses[0].Agent != "reminders" || !pauses[0].Until.After(time.Now()) {
		t.Errorf("pauses %v, %v", pauses, err)
	}

	// Another instance knows of the rest; another campaign has none.
	s2 := begin(t, second, w, patient)
	late := add(t, s2, reminder(number(t, 100), time.Now()))
	other := reminder(number(t, 101), time.Now())
	other.Order.Agent = "other"
	other = add(t, s2, other)
	becomes(t, s2, other.ID, remind.Calling)
	until(t, s2, late.ID, "rests", func(r remind.Reminder) bool { return strings.Contains(r.Reason, "rest until") })

	for _, r := range append(list, late) {
		until(t, s, r.ID, "called after the rest", func(r remind.Reminder) bool { return r.Attempts == 1 })
	}
}
