package consent

import (
	"cmp"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Access is that somebody used a right of which the ledger keeps a record.
type Access struct {
	Key     string       // the name of the API key; "cli:" and the system's user of a command without one
	Right   string       // that it used, or lacks
	Route   string       // method and pattern, such as GET /v1/calls/{id}/recording; or the command
	CallID  string       // of the call that it is about; empty for none
	Number  phone.Number // of the person; it is kept as a token alone
	About   string       // what else it is about: the name of a key
	Outcome string       // AccessGranted or AccessRefused
	Via     Via          // ViaCLI of a command that opens the database itself; empty for the API
}

// What became of an attempt. A granted one is written down before anything is done.
const (
	AccessGranted = "granted"
	AccessRefused = "refused"
)

// Fact is an access as a fact of the ledger itself. Person stands for its number.
func (a Access) Fact(person string, at time.Time) Fact {
	return Fact{Type: Accessed, OccurredAt: at.UTC(), Source: string(cmp.Or(a.Via, ViaAPI)), Actor: "ledger",
		Via: a.Via, Key: a.Key, Right: a.Right, Route: a.Route,
		CallID: a.CallID, Person: person, About: a.About, Outcome: a.Outcome}
}

// AccessFilter chooses among accesses; its zero value takes the newest.
type AccessFilter struct {
	Key, Right, CallID string
	Number             phone.Number
	Since              time.Time
	Before             int64 // rows before this one; 0 for the newest
	Limit              int   // 1 to MaxAccesses. Defaults to 100
}

// Bounds of AccessFilter.Limit.
const (
	DefaultAccesses = 100
	MaxAccesses     = 1000
)

// Matches tells whether a fact is one of those asked for. Person stands for the
// filter's number; it is empty for none.
func (f AccessFilter) Matches(a Fact, person string) bool {
	return (f.Key == "" || a.Key == f.Key) && (f.Right == "" || a.Right == f.Right) &&
		(f.CallID == "" || a.CallID == f.CallID) &&
		(person == "" || a.Person == person) && !a.RecordedAt.Before(f.Since)
}
