package server

import (
	"slices"
	"testing"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/remind"
)

// The statuses that api names are those that the service knows.
func TestStatusesOfTheAPI(t *testing.T) {
	var reminders []remind.Status
	for _, s := range api.ReminderStatuses {
		reminders = append(reminders, remind.Status(s))
		if s.Live() != remind.Status(s).Live() {
			t.Errorf("a reminder that is %s is live for one of them alone", s)
		}
	}
	if !slices.Equal(reminders, remind.Statuses) {
		t.Errorf("api has %v, remind %v", reminders, remind.Statuses)
	}
	for a, e := range map[api.ErasureStatus]erasure.Status{
		api.ErasureRunning: erasure.Running, api.ErasureHeld: erasure.Held, api.ErasureDone: erasure.Done} {
		if string(a) != string(e) {
			t.Errorf("api has %s, erasure %s", a, e)
		}
	}
}
