package hume

import (
	"encoding/json"
	"errors"
	"time"
)

// The events that a configuration can subscribe to. Others are taken, too.
const (
	ChatStarted = "chat_started"
	ChatEnded   = "chat_ended"
	ToolCall    = "tool_call"
)

// Webhook is what a webhook says. A field that is missing, null or absurd is zero.
type Webhook struct {
	Event       string
	ChatID      string
	ChatGroupID string
	SessionID   string // custom_session_id: what whoever opened the chat calls it

	StartedAt time.Time     // of ChatStarted
	EndedAt   time.Time     // of ChatEnded
	Lasted    time.Duration // of ChatEnded, in whole seconds
	EndReason string        // of ChatEnded: USER_ENDED, INACTIVITY_TIMEOUT, …
}

// longest is the bound of each text in a Webhook, in bytes.
const longest = 128

// ErrBody says that a body is not a JSON object with the name of an event.
var ErrBody = errors.New("hume: webhook: the body is not a JSON object with an event_name")

// ParseWebhook reads the body of a webhook that Verify let pass. Events and fields that
// it does not know are no error: Hume adds some.
func ParseWebhook(body []byte) (Webhook, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return Webhook{}, ErrBody
	}
	text := func(field string) (s string) {
		if json.Unmarshal(raw[field], &s) != nil || len(s) > longest {
			return ""
		}
		return s
	}
	number := func(field string) (n int64) {
		if json.Unmarshal(raw[field], &n) != nil || n < 0 {
			return 0
		}
		return n
	}
	w := Webhook{Event: text("event_name"), ChatID: text("chat_id"), ChatGroupID: text("chat_group_id"),
		SessionID: text("custom_session_id"),
		StartedAt: millis(number("start_time")), EndedAt: millis(number("end_time")), EndReason: text("end_reason")}
	if seconds := number("duration_seconds"); seconds < int64(maxChat/time.Second) {
		w.Lasted = time.Duration(seconds) * time.Second
	}
	if w.Event == "" {
		return Webhook{}, ErrBody
	}
	return w, nil
}

// maxChat is longer than any chat: EVI ends each at 30 minutes.
const maxChat = 365 * 24 * time.Hour

// millis is a time in Unix milliseconds; zero if there is none, or if its year has more
// than four digits.
func millis(n int64) time.Time {
	if t := time.UnixMilli(n).UTC(); n > 0 && t.Year() < 10000 {
		return t
	}
	return time.Time{}
}
