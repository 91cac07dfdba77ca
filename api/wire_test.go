package api_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

// The JSON of types that stand for others of the service: programs read it by these names.
func TestWire(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		v    any
		want string
	}{
		{api.Key{Name: "crm", Rights: []string{"read", "place"}, Sellers: []string{}, Created: at, By: "bootstrap",
			Expires: at, Revoked: &at, State: "revoked"},
			`{"name":"crm","may":["read","place"],"seller":[],"created_at":"2026-11-22T18:00:00Z",` +
				`"created_by":"bootstrap","expires_at":"2026-11-22T18:00:00Z","used_at":null,` +
				`"revoked_at":"2026-11-22T18:00:00Z","state":"revoked"}`},
		{api.Erasure{ID: "era_1", Status: api.ErasureRunning, Why: "asked", OrderedAt: at,
			Erased: map[string]int{"calls": 1}, Waiting: []string{"a"}, Kept: []string{"b"}},
			`{"id":"era_1","status":"running","why":"asked","ordered_at":"2026-11-22T18:00:00Z",` +
				`"finished_at":null,"erased":{"calls":1},"waiting":["a"],"kept":["b"]}`},
		{api.ReminderList{Reminders: []api.Reminder{}, Next: "c",
			Paused: []api.Pause{{Agent: "support", Until: at, Reason: "away"}}},
			`{"reminders":[],"next":"c",` +
				`"paused":[{"agent":"support","until":"2026-11-22T18:00:00Z","reason":"away"}]}`},
		{api.Reminder{ID: "rem_1", To: "+14155550142", From: "+14155550100", Agent: "support",
			Purpose: consent.Informational, DueAt: at, Status: api.ReminderDone, Attempts: 1,
			CallIDs: []string{"call_1"}, CreatedAt: at},
			`{"id":"rem_1","to":"+14155550142","from":"+14155550100","agent":"support","purpose":"informational",` +
				`"contains_marketing":false,"due_at":"2026-11-22T18:00:00Z","status":"done","attempts":1,` +
				`"next_at":null,"call_ids":["call_1"],"created_at":"2026-11-22T18:00:00Z"}`},
		{api.CampaignList{Campaigns: []api.Campaign{{
			Campaign: consent.Campaign{Seller: "riverbend", Agent: "support", Purpose: consent.Informational},
			Calls:    consent.Calls{Answered: 2, Abandoned: 1, Unreleased: 1}}}},
			`{"campaigns":[{"seller":"riverbend","agent":"support","purpose":"informational",` +
				`"answered":2,"abandoned":1,"unreleased":1}]}`},
		{api.PermitReported{Event: api.PermitEventTaken{ID: "1", Type: "ringing"}},
			`{"event":{"id":"1","type":"ringing"}}`},
		{api.ToolList{Tools: []api.Tool{{Name: "a", Description: "b", Parameters: json.RawMessage(`{}`)}}},
			`{"tools":[{"name":"a","description":"b","parameters":{}}]}`},
		{api.LinkSent{ExpiresAt: at}, `{"expires_at":"2026-11-22T18:00:00Z"}`},
		{api.Accepted{Status: "accepted"}, `{"status":"accepted"}`},
		// The key of an imported line is a hash of this: another order would schedule every line again.
		{api.ReminderRequest{CallRequest: api.CallRequest{To: "+14155550142", From: "+14155550100", Agent: "support",
			Purpose: consent.Informational, Marketing: new(true), Subject: "a visit",
			Variables: map[string]string{"name": "Dana"}, Location: consent.Location{State: "CA"}}, DueAt: at},
			`{"to":"+14155550142","from":"+14155550100","agent":"support","purpose":"informational",` +
				`"contains_marketing":true,"subject":"a visit","variables":{"name":"Dana"},` +
				`"location":{"state":"CA"},"due_at":"2026-11-22T18:00:00Z"}`},
	} {
		if got, err := json.Marshal(tt.v); err != nil || string(got) != tt.want {
			t.Errorf("%T is\n%s, %v, want\n%s", tt.v, got, err, tt.want)
		}
	}
}
