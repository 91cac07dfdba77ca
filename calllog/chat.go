package calllog

import "time"

// Chat is what the voice agent's own service reports of one chat of a call, by webhook. A
// field of which no report has come is nil, zero or empty.
type Chat struct {
	ID        string     `json:"id"` // one of the call's ChatIDs
	StartedAt *time.Time `json:"started_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Seconds   int        `json:"seconds,omitempty"` // how long it lasted, as the service counts
	EndReason string     `json:"end_reason,omitempty"`
}
