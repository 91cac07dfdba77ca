package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/server"
)

const humePath = "/hume/webhook"

// report posts a webhook of Hume's, signed with the first key.
func (s *site) report(body string) answer {
	s.Helper()
	return s.reportAs(body, func(h http.Header) { hume.Sign("first key", h, []byte(body), time.Now()) })
}

func (s *site) reportAs(body string, sign func(http.Header)) answer {
	s.Helper()
	r := s.request("POST", humePath, body)
	r.Header.Set("Content-Type", "application/json")
	sign(r.Header)
	return s.do(r)
}

// A webhook is taken if a key of ours has signed its bytes within the last minutes; an
// event that nobody knows is no reason to refuse it.
func TestHumeWebhookSignatures(t *testing.T) {
	t.Parallel()
	s := open(t)
	const body = `{ "event_name":"chat_ended" , "chat_id":"c1", "chat_group_id":"g1"  }`
	signed := func(key, over string, at time.Time) func(http.Header) {
		return func(h http.Header) { hume.Sign(key, h, []byte(over), at) }
	}
	now := time.Now()
	rows := []struct {
		name, body string
		sign       func(http.Header)
		want       int
	}{
		{"the first key", body, signed("first key", body, now), 204},
		{"the second key", body, signed("second key", body, now), 204},
		{"an unknown event", `{"event_name":"chat_paused","chat_id":{}}`, signed("first key", `{"event_name":"chat_paused","chat_id":{}}`, now), 204},
		{"another key", body, signed("third key", body, now), 401},
		{"the list of keys", body, signed("first key,second key", body, now), 401},
		{"an empty key", body, signed("", body, now), 401},
		{"a space more", body + " ", signed("first key", body, now), 401},
		{"ten minutes old", body, signed("first key", body, now.Add(-10*time.Minute)), 401},
		{"of the future", body, signed("first key", body, now.Add(10*time.Minute)), 401},
		{"no headers", body, func(http.Header) {}, 401},
		{"not JSON, unsigned", "chat_ended", func(http.Header) {}, 401},
		{"not JSON", "chat_ended", signed("first key", "chat_ended", now), 400},
		{"too long", strings.Repeat(" ", 257<<10), func(http.Header) {}, 413},
	}
	for _, r := range rows {
		if got := s.reportAs(r.body, r.sign); got.status != r.want {
			t.Errorf("%s: %d %s, want %d", r.name, got.status, got.body, r.want)
		}
	}
	if got := s.do(s.request("GET", humePath, "")); got.status != 405 {
		t.Errorf("GET: %d", got.status)
	}
	metrics := s.order("GET", "/metrics", "").body
	for _, want := range []string{`patchcord_hume_webhooks_total{event="chat_ended"} 2`, `patchcord_hume_webhooks_total{event="other"} 1`, `patchcord_requests_refused_total{by="hume"} 8`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// Without a key nothing can be verified, and nothing is taken.
func TestHumeWebhookWithoutAKey(t *testing.T) {
	t.Parallel()
	s := openWith(t, func(c *server.Config) { c.HumeKeys = nil })
	if got := s.reportAs(`{"event_name":"chat_ended"}`, func(h http.Header) { hume.Sign("", h, []byte(`{"event_name":"chat_ended"}`), time.Now()) }); got.status != 401 || got.body != "" {
		t.Errorf("%d %s", got.status, got.body)
	}
}

// A call shows what Hume reports of its chats, whatever the order of the reports, however
// often one comes, and whichever comes first, the report or the call. Chats of other
// programs are left alone.
func TestHumeChatsOfACall(t *testing.T) {
	t.Parallel()
	const sid = "CA0123456789abcdef0123456789abcdef"
	of := ` "chat_group_id":"g", "custom_session_id":"` + sid + `"`
	reports := []string{
		`{"event_name":"chat_started", "chat_id":"c1", "start_time":1790000000000,` + of + `}`,
		`{"event_name":"chat_ended", "chat_id":"c1", "end_time":1790000090000, "duration_seconds":90, "end_reason":"INACTIVITY_TIMEOUT",` + of + `}`,
		`{"event_name":"chat_started", "chat_id":"c2", "start_time":1790000091000,` + of + `}`,
		`{"event_name":"tool_call", "chat_id":"c3", "timestamp":1, "tool_call_message":{"tool_call_id":"t","name":"order_status","parameters":"{}"},` + of + `}`,
		`{"event_name":"chat_ended", "chat_id":"c4", "duration_seconds":7, "custom_session_id":"desk 4"}`,
		`{"event_name":"chat_ended", "chat_id":"c5", "duration_seconds":7, "custom_session_id":null}`,
	}
	at := func(seconds int64) *time.Time { t := time.Unix(seconds, 0).UTC(); return &t }
	want := []calllog.Chat{{ID: "c1", StartedAt: at(1790000000), EndedAt: at(1790000090), Seconds: 90, EndReason: "INACTIVITY_TIMEOUT"}, {ID: "c2", StartedAt: at(1790000091)}}
	for name, order := range map[string][]int{"in order": {0, 1, 2, 3, 4, 5}, "backwards": {5, 4, 3, 2, 1, 0}, "twice": {0, 1, 1, 0, 2, 3, 3, 4, 4, 5, 5, 2}} {
		s := open(t)
		if name != "backwards" {
			s.write("x", 1, func(c *calllog.Call) { c.TwilioCallSID = sid })
		}
		for _, i := range order {
			if got := s.report(reports[i]); got.status != 204 || got.body != "" {
				t.Errorf("%s: %d %s", reports[i], got.status, got.body)
			}
		}
		if name == "backwards" {
			s.write("x", 1, func(c *calllog.Call) { c.TwilioCallSID = sid })
		}
		var c calllog.Call
		if err := json.Unmarshal([]byte(s.order("GET", "/v1/calls/x", "").body), &c); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, c.Chats); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if len(c.Entries) != 0 {
			t.Errorf("%s: a report has started something: %+v", name, c.Entries)
		}
	}
}

// What can't be kept is not confirmed.
func TestHumeWebhookWithTheDatabaseAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.db.Close()
	body := `{"event_name":"chat_started","chat_id":"c","custom_session_id":"CA0123456789abcdef0123456789abcdef"}`
	isProblem(t, s.report(body), 503, "again")
}
