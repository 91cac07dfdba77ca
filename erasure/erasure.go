package erasure

import (
	"fmt"
	"time"
)

// Status is how far an erasure is.
type Status string

// The statuses of an erasure.
const (
	Running Status = "running" // Waiting says what is not done yet
	Held    Status = "held"    // a legal hold has stopped it; it goes on when that is released
	Done    Status = "done"
)

// Erasure is how far an order is.
type Erasure struct {
	ID         string
	Status     Status
	Why        string
	OrderedAt  time.Time
	FinishedAt *time.Time
	Seq        int64 // the ledger's row that says so
	Hash       string
	Erased     Counts
	Waiting    []string // for what, while it is running
	Kept       []string // what stays, and why
}

// Kept is what an erasure leaves, and why.
var Kept = []string{
	"opt-outs and do-not-call entries: without them the number could be called again",
	"the ledger's other rows, without personal data, so that its chain still verifies",
	"call records: time, duration, agent, outcome and Twilio's id, without number and transcript",
	"backups of the database and of the data folders made before, until you delete them; the database's own log and free pages until it reuses them",
	"data on the disk of an instance that was away for more than 30 days, or that --without named: " +
		"erase once more when it is back, or delete its data folder",
	"earlier exports of the ledger and of recordings",
	"data at Twilio and the voice services: delete it there",
	"what others said about the person in their own calls",
}

// view is a record as operators see it.
func (r Record) view(held bool, live []string) Erasure {
	e := Erasure{ID: r.ID, Status: Running, Why: r.Why, OrderedAt: r.OrderedAt.UTC(), FinishedAt: r.FinishedAt, Seq: r.Seq, Hash: r.Hash,
		Erased: r.Erased, Waiting: live, Kept: Kept}
	if e.Erased == nil {
		e.Erased = Counts{}
	}
	switch {
	case r.FinishedAt != nil:
		e.Status, e.Waiting = Done, nil
	case held:
		e.Status = Held
	}
	for _, i := range r.Instances {
		if i.DoneAt == nil && e.Status == Running {
			e.Waiting = append(e.Waiting, i.waits())
		}
	}
	if e.Waiting == nil {
		e.Waiting = []string{}
	}
	return e
}

// waits says that an instance has not done its part.
func (i Instance) waits() string {
	seen := "not seen yet"
	if i.SeenAt != nil {
		seen = "last seen " + i.SeenAt.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("instance %s to delete the data on its disk (%s)", i.Name, seen)
}

// done tells whether all instances have done their part.
func (r Record) done() bool {
	for _, i := range r.Instances {
		if i.DoneAt == nil {
			return false
		}
	}
	return true
}
