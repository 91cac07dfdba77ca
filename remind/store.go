package remind

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// Store keeps reminders. Its methods are safe for use by several goroutines and
// instances; their errors hold no numbers.
type Store interface {
	// Get returns a reminder, or ErrNotFound.
	Get(ctx context.Context, id string) (Reminder, error)

	// List returns reminders, newest first, and the cursor of the next page, empty
	// on the last. Errors about f wrap ErrBadFilter.
	List(ctx context.Context, f Filter) (list []Reminder, next string, err error)

	// Pauses returns the campaigns that rest.
	Pauses(ctx context.Context) ([]Pause, error)

	// Cancel ends a live reminder. It returns ErrNotFound, or ErrFinal if it has
	// ended already, with the reminder as it is.
	Cancel(ctx context.Context, id, reason string) (Reminder, error)

	// LiveFor returns live reminders of a number, at most MaxLimit, in the order of
	// their ids: those after one, or the first if it is empty.
	LiveFor(ctx context.Context, to phone.Number, after string) ([]Reminder, error)

	// CancelAll ends those of some reminders that are live, and counts them.
	CancelAll(ctx context.Context, ids []string, reason string) (int, error)

	// View returns what a worker needs to know of a reminder, or ErrNotFound.
	View(ctx context.Context, id string) (View, error)

	// Claim takes the next attempt of a reminder that is live, due and not calling,
	// and makes it Calling. It returns the attempt's number, or 0 if the reminder
	// is not there to be claimed.
	Claim(ctx context.Context, id, callID string, now time.Time) (int, error)

	// Settle writes down what became of an attempt, once: it is false for one that
	// is settled as far as that already, which stays as it is. The reminder takes
	// its new state unless it is not Calling any more. An attempt of which Nothing
	// came is forgotten; its number is not used again.
	Settle(ctx context.Context, s Settlement) (bool, error)

	// Move gives a live reminder that is not Calling another state. It is false for
	// any other.
	Move(ctx context.Context, id string, to State) (bool, error)

	// ByCall returns the reminder that a call was placed for, or ErrNotFound.
	ByCall(ctx context.Context, callID string) (id string, err error)

	// Pause lets the campaign of an agent rest.
	Pause(ctx context.Context, p Pause) error
}

// Adder is the part of a store that shares its transaction with river.
type Adder[T any] interface {
	// Add stores reminders, all or none, and calls enqueue in the same transaction
	// with those that are new. It returns all of them in their order: of those whose
	// Key is known already, what is there. The error is a *KeyError if a Key is known
	// with another Body.
	Add(ctx context.Context, list []Reminder, enqueue func(context.Context, T, []Reminder) error) ([]Reminder, error)

	// Requeue calls enqueue with live reminders, at most limit, that should have
	// been looked at before and have no job.
	Requeue(ctx context.Context, before time.Time, limit int, enqueue func(context.Context, T, []Reminder) error) (int, error)
}

// State is a state for a reminder to take.
type State struct {
	Status Status
	NextAt time.Time // ignored if Status is final
	Reason string
	Rules  []string
	Holds  int
}

// Settlement is what became of an attempt, and of its reminder with it.
type Settlement struct {
	ID      string // the reminder's
	Attempt int
	CallID  string // as the call's log has it; empty: as it was claimed
	Fate    Fate
	Outcome string
	Counts  bool // it rang, or may have
	Void    bool // there was a call, which failed before any telephone rang
	State
}

// Pause is a campaign that rests.
type Pause struct {
	Agent  string
	Until  time.Time
	Reason string
}

// Filter chooses among reminders; its zero value takes the 50 newest.
type Filter struct {
	Limit  int    // 1 to 200. Defaults to 50
	Cursor string // as List returned it. Defaults to the newest
	Status Status
	Agent  string
	Agents []string // of these alone; nil for all
	To     phone.Number
	ID     string // the beginning of a reminder's id
}

// Bounds of Filter.Limit, and of how many reminders are added at once.
const (
	DefaultLimit = 50
	MaxLimit     = 200
	MaxAdd       = 1000
)

// What a store says.
var (
	ErrNotFound  = errors.New("remind: no such reminder")
	ErrFinal     = errors.New("remind: the reminder has ended")
	ErrBadFilter = errors.New("remind: bad filter")
	ErrNoSlot    = errors.New("remind: too many calls are waiting")
)

// KeyError is of reminders whose Key is known for another one.
type KeyError struct{ Places []int } // in the list that was to be added, from 0

func (e *KeyError) Error() string {
	return fmt.Sprintf("remind: the keys of %d reminders were used for other reminders", len(e.Places))
}

// Clashes tells whether two reminders of one Key are not the same one.
func (r Reminder) Clashes(with Reminder) bool {
	return len(r.Body) > 0 && len(with.Body) > 0 && !bytes.Equal(r.Body, with.Body)
}
