package api

import (
	"time"

	"github.com/patchcord/patchcord/consent"
)

// PermitRequest is the body of POST /v1/permits: a call that somebody else will place.
type PermitRequest struct {
	CallbackURL string `json:"callback_url,omitempty"` // is told when the person refuses before the call is over
	CallRequest
}

// PermitIssued is the answer of POST /v1/permits.
type PermitIssued struct {
	Permit   Permit           `json:"permit"`
	Decision consent.Decision `json:"decision"`
	Duties   []PermitDuty     `json:"duties"`
}

// Permit is a permit. The secret is given here and never again.
type Permit struct {
	ID        string    `json:"id"`
	ExpiresAt time.Time `json:"expires_at"`
	Secret    string    `json:"secret,omitempty"` // of callbacks; only with a callback_url
}

// PermitDuty is one thing that the call has to say or do.
type PermitDuty struct {
	Rule string `json:"rule"`          // that wants it
	Do   string `json:"do"`            // in words
	Say  string `json:"say,omitempty"` // exactly what to say
}

// PermitEvent is the body of POST /v1/permits/{id}/events: what became of the call.
type PermitEvent struct {
	ID      string          `json:"id"` // the dialer's own; the same again is answered as the first time
	Type    PermitEventType `json:"type"`
	At      time.Time       `json:"at"`
	CallRef string          `json:"call_ref"` // the dialer's name for the call
	To      string          `json:"to,omitempty"`
	Words   string          `json:"words,omitempty"`   // of opted_out
	Outcome string          `json:"outcome,omitempty"` // of ended: one of the call log's
}

// PermitEventType says what a dialer reports of its call: created, ringing, answered,
// opening_played, opted_out or ended, in any order.
type PermitEventType string

// PermitReported is the answer to an event that was taken.
type PermitReported struct {
	Event PermitEventTaken `json:"event"`
}

// PermitEventTaken names an event that was taken.
type PermitEventTaken struct {
	ID   string          `json:"id"`
	Type PermitEventType `json:"type"`
}
