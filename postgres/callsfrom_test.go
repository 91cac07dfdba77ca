package postgres_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// The calls of a number that other instances carry: live ones of a day, all of an hour, those
// alone that came in.
func TestCallsFrom(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	const from = "+14152350142"
	for id, c := range map[string]struct {
		instance, from, direction, outcome string
		ago                                time.Duration
	}{
		"live":      {"there", from, calllog.Inbound, "", time.Minute},
		"long":      {"there", from, calllog.Inbound, "", 2 * time.Hour},
		"over":      {"there", from, calllog.Inbound, calllog.OutcomeCallerHungUp, time.Minute},
		"long ago":  {"there", from, calllog.Inbound, calllog.OutcomeCallerHungUp, 2 * time.Hour},
		"never":     {"there", from, calllog.Inbound, "", 25 * time.Hour},
		"here":      {"here", from, calllog.Inbound, "", time.Minute},
		"outbound":  {"there", from, calllog.Outbound, "", time.Minute},
		"another's": {"there", "+14152350143", calllog.Inbound, "", time.Minute},
	} {
		call := calllog.Call{ID: id, Version: 1, Direction: c.direction, TwilioCallSID: "CA" + id, From: c.from, To: "+14155550100", Agent: "support",
			Voice: "evi", Instance: c.instance, Status: calllog.StatusInProgress, Outcome: c.outcome, StartedAt: time.Now().Add(-c.ago)}
		if err := db.Calls().Apply(t.Context(), []calllog.Change{{CallID: id, Call: &call}}); err != nil {
			t.Fatal(err)
		}
	}
	if live, lastHour, err := db.CallsFrom(t.Context(), from, "here"); live != 2 || lastHour != 2 || err != nil {
		t.Errorf("%d live, %d in an hour, %v: want 2 and 2", live, lastHour, err)
	}
	if live, lastHour, err := db.CallsFrom(t.Context(), "\x00", "here"); live+lastHour != 0 || err != nil {
		t.Errorf("of no number: %d, %d, %v", live, lastHour, err)
	}
}
