package remind

import (
	"time"

	"github.com/patchcord/patchcord/call"
)

// Status is where a reminder stands.
type Status string

// The first four are live; the others are final.
const (
	Scheduled Status = "scheduled" // NextAt says for when
	Deferred  Status = "deferred"  // not now, says the gate; NextAt is when it may be
	Held      Status = "held"      // a fact is missing; at NextAt it is looked for again
	Calling   Status = "calling"

	Done      Status = "done"      // somebody, or their machine, answered
	Cancelled Status = "cancelled" // by the person's revocation, or by whoever set it
	Refused   Status = "refused"   // the gate said no; Rules says why
	GaveUp    Status = "gave_up"   // Reason says why
)

// Statuses is all of them.
var Statuses = []Status{Scheduled, Deferred, Held, Calling, Done, Cancelled, Refused, GaveUp}

// Live tells whether something may still happen.
func (s Status) Live() bool {
	return s == Scheduled || s == Deferred || s == Held || s == Calling
}

// Reminder is a call that is to be placed at some time. It does not marshal itself:
// that is the API's affair, which may show the number.
type Reminder struct {
	ID    string     `json:"-"`
	Key   string     `json:"-"` // the client's own, at most 200 bytes; empty for none
	Body  []byte     `json:"-"` // a hash of what was asked for under Key; empty: not compared
	Order call.Order `json:"-"`
	Due   time.Time  `json:"-"`

	Status    Status    `json:"-"`
	Attempts  int       `json:"-"` // calls that rang, or may have
	NextAt    time.Time `json:"-"` // when it is looked at again; zero if it is final
	CallIDs   []string  `json:"-"` // of the calls that were placed, in their order
	Reason    string    `json:"-"` // why it stands so, in words
	Rules     []string  `json:"-"` // ids of the rules that stood in the way
	CreatedAt time.Time `json:"-"`
}

// Fate is what became of an attempt.
type Fate string

const (
	Open    Fate = "open"    // somebody is placing the call, or died while doing so
	Placed  Fate = "placed"  // there is a call
	Nothing Fate = "nothing" // surely no call was placed
	Unknown Fate = "unknown" // a call may have been placed, and nobody can tell
)

// Attempt is one time that a worker set out to place the call of a reminder.
type Attempt struct {
	Number    int // from 1
	CallID    string
	ClaimedAt time.Time
	Fate      Fate
	Outcome   string // of the call, in the call log's words; empty while it is not known
}

// View is what a worker sees of a reminder.
type View struct {
	Reminder
	Last        *Attempt // the newest; nil if there is none
	Voids       int      // calls that failed before any telephone rang
	Holds       int      // how often in a row a fact was missing
	PausedUntil time.Time
}
