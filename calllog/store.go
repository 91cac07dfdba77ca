package calllog

import (
	"context"
	"errors"
	"time"
)

// Store keeps calls. Its methods are safe for use by several goroutines, and
// their errors hold neither numbers nor speech.
type Store interface {
	// Apply writes the changes in order, all or none. It is idempotent: a
	// header replaces only one of a smaller Epoch, or of the same and a smaller
	// Version, and an entry replaces the one of the same call, Epoch and Seq. A *RejectedError means that trying again
	// is of no use; any other error means that the store is away for now.
	Apply(ctx context.Context, changes []Change) error

	// List returns headers without entries, newest first, and the cursor of
	// the next page, empty on the last. Errors about f wrap ErrBadFilter.
	List(ctx context.Context, f Filter) (calls []Call, next string, err error)

	// Get returns a call with its entries in order, or ErrNotFound.
	Get(ctx context.Context, id string) (Call, error)

	// Claim makes an instance the owner of a call that another one has, and returns the call as
	// it is then, with its entries: Epoch is one higher, so that nothing the other still writes
	// changes the header. Epoch and outcome are those of the header that the claim goes by; if
	// they are others by now, it is ErrClaimed and nothing has changed. ErrNotFound: there is no
	// such call.
	Claim(ctx context.Context, claim Claim) (Call, error)

	// BySID returns the header of a call by Twilio's name for it, or
	// ErrNotFound.
	BySID(ctx context.Context, twilioCallSID string) (Call, error)

	// Since returns the entries that were written, or written again, after
	// revision rev, in the order of writing, and the last revision among them
	// (rev itself if there are none): the place to go on from. Ended tells
	// whether the call had its outcome by then. Revision 0 is the beginning.
	Since(ctx context.Context, id string, rev int64) (entries []Entry, last int64, ended bool, err error)

	// Earlier returns the newest calls that came from a number and have ended, newest first, each
	// with the newest of its entries in order. It leaves out those that were erased.
	Earlier(ctx context.Context, q EarlierQuery) ([]Call, error)
}

// Claim is what an instance knows of a call that it takes over.
type Claim struct {
	ID, Instance string
	Epoch        int    // that the call's header had
	Outcome      string // likewise; empty of one that lives
}

// EarlierQuery is which calls came before one.
type EarlierQuery struct {
	From, To, Agent string
	Before          time.Time // when the one started
	Since           time.Time // when the others had not ended
}

// Bounds of what Earlier returns.
const (
	EarlierCalls   = 4
	EarlierEntries = 300 // of each
)

// Erased stands in an entry for what was said, and in a header for the person's number.
const Erased = "[erased]"

// Filter chooses among calls; its zero value takes the 50 newest.
type Filter struct {
	Limit         int    // 1 to 200 calls. Defaults to 50
	Cursor        string // as List returned it. Defaults to the newest call
	Agent         string
	Agents        []string // of these alone; nil for all
	Outcome       string
	Direction     string
	TwilioCallSID string
	ID            string // the beginning of a call's id
	Live          *bool  // true: without an outcome; false: with one
}

// Bounds of Filter.Limit.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// ErrNotFound says that there is no such call.
var ErrNotFound = errors.New("calllog: no such call")

// ErrClaimed says that a call is another's by now, or over.
var ErrClaimed = errors.New("calllog: the call was claimed or ended meanwhile")

// ErrBadFilter says that a list was asked for in a way that makes no sense;
// the error around it names the field.
var ErrBadFilter = errors.New("calllog: bad filter")

// RejectedError says that a store will never take a change because of what is
// in it. Reason does not repeat the content.
type RejectedError struct{ Reason string }

func (e *RejectedError) Error() string {
	return "calllog: the store rejected a change: " + e.Reason
}
