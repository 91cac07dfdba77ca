package api

import (
	"time"

	"github.com/patchcord/patchcord/consent"
)

// ReminderRequest is the body of POST /v1/reminders, or one of an array.
type ReminderRequest struct {
	CallRequest
	DueAt time.Time `json:"due_at"`
	Key   string    `json:"key,omitempty"` // the same key schedules the same call once
}

// ReminderStatus is where a reminder stands.
type ReminderStatus string

// The first four are live; the others are final.
const (
	ReminderScheduled ReminderStatus = "scheduled"
	ReminderDeferred  ReminderStatus = "deferred" // not now, says the gate
	ReminderHeld      ReminderStatus = "held"     // a fact is missing
	ReminderCalling   ReminderStatus = "calling"

	ReminderDone      ReminderStatus = "done"      // somebody, or their machine, answered
	ReminderCancelled ReminderStatus = "cancelled" // by the person's revocation, or by whoever set it
	ReminderRefused   ReminderStatus = "refused"   // the gate said no
	ReminderGaveUp    ReminderStatus = "gave_up"
)

// ReminderStatuses is all of them, those that are live first.
var ReminderStatuses = []ReminderStatus{ReminderScheduled, ReminderDeferred, ReminderHeld, ReminderCalling,
	ReminderDone, ReminderCancelled, ReminderRefused, ReminderGaveUp}

// Live tells whether something may still happen.
func (s ReminderStatus) Live() bool {
	return s == ReminderScheduled || s == ReminderDeferred || s == ReminderHeld || s == ReminderCalling
}

// Reminder is a scheduled call as the API shows it.
type Reminder struct {
	ID        string            `json:"id"`
	Key       string            `json:"key,omitempty"`
	To        string            `json:"to"`
	From      string            `json:"from"`
	Agent     string            `json:"agent"`
	Purpose   consent.Purpose   `json:"purpose"`
	Marketing bool              `json:"contains_marketing"`
	Subject   string            `json:"subject,omitempty"`
	Variables map[string]string `json:"variables,omitempty"`
	Location  consent.Location  `json:"location,omitzero"`
	DueAt     time.Time         `json:"due_at"`
	Status    ReminderStatus    `json:"status"`
	Attempts  int               `json:"attempts"` // calls that rang, or may have
	NextAt    *time.Time        `json:"next_at"`  // when it is looked at again; null if it has ended
	CallIDs   []string          `json:"call_ids"`
	Reason    string            `json:"reason,omitempty"` // why it stands so
	Rules     []string          `json:"rules,omitempty"`  // ids of the rules that stood in the way
	CreatedAt time.Time         `json:"created_at"`
}

// ReminderFilter is the query of GET /v1/reminders; its zero value takes the 50 newest.
type ReminderFilter struct {
	Agent  string         `query:"agent"`
	Cursor string         `query:"cursor"` // Next of an earlier page
	ID     string         `query:"id"`     // the beginning of a reminder's id
	Limit  int            `query:"limit"`  // 1 to 200
	Status ReminderStatus `query:"status"`
	To     string         `query:"to"` // a number
}

// ReminderList is the answer of GET /v1/reminders: a page, the newest first.
type ReminderList struct {
	Reminders []Reminder `json:"reminders"`
	Next      string     `json:"next,omitempty"`   // cursor of the next page; empty on the last
	Paused    []Pause    `json:"paused,omitempty"` // agents whose calls rest, because the carrier fails
}

// Pause is an agent whose calls rest.
type Pause struct {
	Agent  string    `json:"agent"`
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
}

// RemindersAdded is the answer of POST /v1/reminders with an array.
type RemindersAdded struct {
	Reminders []Reminder `json:"reminders"`
	Created   int        `json:"created"` // the others had a key that was there before
}
