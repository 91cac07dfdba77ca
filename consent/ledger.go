package consent

import (
	"context"

	"github.com/patchcord/patchcord/phone"
)

// Receipt is the place that a fact got.
type Receipt struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hex
}

// Ledger keeps facts, in one chain, for ever. Its methods are safe for use by
// several goroutines; their errors hold neither numbers nor evidence. Any error
// means that nothing was written.
type Ledger interface {
	// Record appends facts, all or none, in their order.
	Record(ctx context.Context, facts ...Fact) ([]Receipt, error)

	// Transact gives decide what is known of a number and appends what it returns, in
	// one transaction: nothing is appended about any number in between. Decide must
	// be quick, and is never called after Transact has returned. The zero number stands for
	// the ledger itself ([Type.OfLedger]).
	Transact(ctx context.Context, n phone.Number, decide func(Snapshot) []Fact) ([]Receipt, error)

	// Snapshot is what is known of numbers, in their order; nothing is written.
	Snapshot(ctx context.Context, numbers ...phone.Number) ([]Snapshot, error)
}
