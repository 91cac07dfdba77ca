package erasure

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// ErrUnknown says that there is no such erasure.
var ErrUnknown = errors.New("erasure: not found")

// Counts is how many of what was erased.
type Counts map[string]int

// Record is an order as it is kept.
type Record struct {
	ID         string
	Person     [32]byte // stands for the number
	Sealed     []byte   // the number; empty when it is finished
	Why        string
	OrderedAt  time.Time // calls that began later are not its affair
	Erased     Counts
	Seq        int64 // the ledger's row that says so; 0 until the person's key is destroyed
	Hash       string
	FinishedAt *time.Time
	Instances  []Instance
}

// Instance is one that may hold something of the person on its disk.
type Instance struct {
	Name   string
	SeenAt *time.Time // when it was last known to live, as of the order
	DoneAt *time.Time
}

// Target is what an order is about, while it is worked on.
type Target struct {
	Number  phone.Number
	Person  [32]byte // by which answers that were kept are found
	Permits [32]byte // by which permits for others' calls are found
	Calls   []string // ids of calls that only an instance's disk knows
}

// Store keeps orders and deletes rows. Its errors hold nothing personal.
type Store interface {
	// Order keeps a new order, for all instances that are known, or returns the one of the
	// same person that is not finished.
	Order(ctx context.Context, r Record, instance string) (Record, error)
	// Unfinished is all orders that are not finished, the oldest first.
	Unfinished(ctx context.Context) ([]Record, error)
	// Get returns an order, or ErrUnknown.
	Get(ctx context.Context, id string) (Record, error)
	// EraseRows deletes all rows of a person, in several transactions, but for what lives:
	// of that it says what it is. When it finds calls, every other instance has to look again.
	EraseRows(ctx context.Context, id, instance string, t Target) (live []string, err error)
	// CallsOf is the ids of all calls that an order has erased.
	CallsOf(ctx context.Context, id string) ([]string, error)
	// ErasedAmong is those of the calls that an order has erased that is finished: one that is
	// not may be held.
	ErasedAmong(ctx context.Context, calls []string) ([]string, error)
	// Progress notes what an instance has erased of its own, and whether that is all.
	Progress(ctx context.Context, id, instance string, more Counts, done bool) error
	// Without takes an instance from an order: its disk is gone.
	Without(ctx context.Context, id, instance string) error
	// Alone runs f unless somebody else does so for the same order; it is then false.
	Alone(ctx context.Context, id string, f func(context.Context) error) (bool, error)
	// KeyDestroyed notes the ledger's row.
	KeyDestroyed(ctx context.Context, id string, r consent.Receipt) error
	// Finish ends an order if all instances are done and the key is destroyed, and forgets the number.
	Finish(ctx context.Context, id string) error
}

// Ledger is what an erasure needs of the consent ledger.
type Ledger interface {
	// Erase destroys a person's key. A legal hold refuses it: *consent.HeldError.
	Erase(ctx context.Context, n phone.Number, why string) (consent.Receipt, error)
	HoldsOn(ctx context.Context, n phone.Number) ([]consent.Fact, error)
	History(ctx context.Context, n phone.Number) ([]consent.Fact, error)
}

// Local is what an instance keeps on its own disk.
type Local interface {
	// Flush brings to the database what waits for it, until nothing does.
	Flush(ctx context.Context) error
	// CallsWith is the ids of calls with a number that the database refused to store.
	CallsWith(n phone.Number) ([]string, error)
	// Erase deletes what is of a number or of calls, and counts it. It is an error if
	// something of it is still being written.
	Erase(n phone.Number, calls []string) (Counts, error)
	// Recorded is the ids of the calls of which there are recordings or messages.
	Recorded() ([]string, error)
}
