package postgres

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// Bounds of a batch and of what may be asked.
const (
	batchNumbers = 128     // of one batch; a larger Record is a batch of its own
	maxRecord    = 10_000  // facts of one Record
	maxBody      = 1 << 20 // bytes of one row
)

// request is one request on its way.
type request struct {
	number phone.Number                          // of Transact and Erase
	token  proof.Sum                             // of it, filled by whoever runs the request
	decide func(consent.Snapshot) []consent.Fact // of Transact
	facts  []consent.Fact                        // of Record
	erase  *consent.Fact                         // of Erase

	turn     atomic.Int32  // waiting, then one of the others
	response chan response // of one
}

const (
	waiting int32 = iota
	taken         // it is being run, and whoever asked waits for the end
	left          // whoever asked has gone
)

type response struct {
	receipts []consent.Receipt
	err      error
}

// Record implements [consent.Ledger]. Batches of up to 500 facts are quick and keep
// nobody waiting; 10,000 is the most.
func (l *Ledger) Record(ctx context.Context, facts ...consent.Fact) ([]consent.Receipt, error) {
	if len(facts) == 0 {
		return nil, nil
	}
	if len(facts) > maxRecord {
		return nil, fmt.Errorf("postgres: record %d facts: at most %d at a time", len(facts), maxRecord)
	}
	return l.submit(ctx, &request{facts: facts})
}

// Transact implements [consent.Ledger]. The zero number stands for the ledger itself, and
// its own rows. A ctx that is over before its turn is the
// only end that leaves decide out; once decide was called the outcome is waited for,
// a few seconds at most.
func (l *Ledger) Transact(ctx context.Context, n phone.Number, decide func(consent.Snapshot) []consent.Fact) ([]consent.Receipt, error) {
	return l.submit(ctx, &request{number: n, decide: decide})
}

// submit puts a request into the queue and waits for its response.
func (l *Ledger) submit(ctx context.Context, a *request) ([]consent.Receipt, error) {
	a.response = make(chan response, 1)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("postgres: the ledger was not queried: %w", err)
	}
	select {
	case <-l.stop:
		return nil, ErrLedgerClosed
	case l.queue <- a:
	default:
		return nil, ErrLedgerBusy
	}
	select {
	case r := <-a.response:
		return r.receipts, r.err
	case <-ctx.Done():
		if a.turn.CompareAndSwap(waiting, left) {
			return nil, fmt.Errorf("postgres: waiting for the ledger: %w", ctx.Err())
		}
	case <-l.ended:
	}
	select {
	case r := <-a.response:
		return r.receipts, r.err
	case <-l.ended: // nobody answers any more
		select {
		case r := <-a.response:
			return r.receipts, r.err
		default:
			return nil, ErrLedgerClosed
		}
	}
}

// run takes what waits, a batch at a time, until the ledger is closed.
func (l *Ledger) run() {
	for {
		select {
		case <-l.stop: // also if somebody waits
			return
		default:
		}
		select {
		case <-l.stop:
			return
		case first := <-l.queue:
			l.runBatch(l.collect(first))
		}
	}
}

// collect adds to a request those that wait behind it. Nobody waits for more to
// come: while a batch is being written, the next one gathers.
func (l *Ledger) collect(first *request) []*request {
	requests, numbers := []*request{first}, max(1, len(first.facts))
	for numbers < batchNumbers {
		select {
		case a := <-l.queue:
			requests, numbers = append(requests, a), numbers+max(1, len(a.facts))
		default:
			return requests
		}
	}
	return requests
}
