package hume_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/hume"
)

func TestParseWebhook(t *testing.T) {
	rows := []struct {
		name, body string
		want       hume.Webhook
		err        error
	}{
		{"a start", `{"event_name":"chat_started","chat_id":"c","chat_group_id":"g","start_time":1790000000000,"chat_start_type":"new_chat_group","custom_session_id":"CA1"}`,
			hume.Webhook{Event: hume.ChatStarted, ChatID: "c", ChatGroupID: "g", SessionID: "CA1",
				StartedAt: time.Unix(1790000000, 0).UTC()}, nil},
		{"an end", `{"event_name":"chat_ended","chat_id":"c","config_id":null,"custom_session_id":null,"end_time":1790000090500,"duration_seconds":90,"end_reason":"USER_ENDED"}`,
			hume.Webhook{Event: hume.ChatEnded, ChatID: "c", EndedAt: time.UnixMilli(1790000090500).UTC(),
				Lasted: 90 * time.Second, EndReason: "USER_ENDED"}, nil},
		{"a tool call", `{"event_name":"tool_call","chat_id":"c","timestamp":1,"tool_call_message":{"tool_call_id":"t","parameters":"{}"}}`,
			hume.Webhook{Event: hume.ToolCall, ChatID: "c"}, nil},
		{"an event of next year", `{"event_name":"chat_paused","chat_id":"c","new":{"x":[1]}}`,
			hume.Webhook{Event: "chat_paused", ChatID: "c"}, nil},
		{"absurd figures", `{"event_name":"chat_ended","chat_id":7,"end_time":9e18,"duration_seconds":-1,"start_time":"today","end_reason":{}}`, hume.Webhook{Event: hume.ChatEnded}, nil},
		{"a chat of years", `{"event_name":"chat_ended","duration_seconds":9000000000000000000,"end_time":9000000000000000000}`, hume.Webhook{Event: hume.ChatEnded}, nil},
		{"a long id", `{"event_name":"chat_ended","chat_id":"` + strings.Repeat("c", 129) + `"}`,
			hume.Webhook{Event: hume.ChatEnded}, nil},
		{"no name", `{"chat_id":"c"}`, hume.Webhook{}, hume.ErrBody},
		{"a list", `[{"event_name":"chat_ended"}]`, hume.Webhook{}, hume.ErrBody},
		{"not JSON", `event_name=chat_ended`, hume.Webhook{}, hume.ErrBody},
		{"nothing", ``, hume.Webhook{}, hume.ErrBody},
		{"null", `null`, hume.Webhook{}, hume.ErrBody},
		{"two objects", `{"event_name":"a"}{"event_name":"b"}`, hume.Webhook{}, hume.ErrBody},
	}
	for _, r := range rows {
		got, err := hume.ParseWebhook([]byte(r.body))
		if got != r.want || !errors.Is(err, r.err) {
			t.Errorf("%s: got %+v, %v; want %+v, %v", r.name, got, err, r.want, r.err)
		}
	}
}

// Whatever was signed, what is taken of it is bounded.
func FuzzParseWebhook(f *testing.F) {
	for _, seed := range []string{`{"event_name":"chat_ended","chat_id":"c","end_time":1790000090500,"duration_seconds":90,"end_reason":"USER_ENDED"}`,
		`{"event_name":"x","start_time":-1}`, `{"event_name":"\u0000","chat_id":"\ud800"}`, `[]`, `null`, ``} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		w, err := hume.ParseWebhook(body)
		if (err == nil) != (w.Event != "") {
			t.Fatalf("%q is %+v, %v", body, w, err)
		}
		for _, s := range []string{w.Event, w.ChatID, w.ChatGroupID, w.SessionID, w.EndReason} {
			if len(s) > 128 {
				t.Fatalf("%d bytes of %q", len(s), body)
			}
		}
		if w.Lasted < 0 || w.StartedAt.Year() > 9999 || w.EndedAt.Year() > 9999 {
			t.Fatalf("%q is %+v", body, w)
		}
	})
}
