package consenttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// ErrAway is what a ledger returns that is away.
var ErrAway = errors.New("consenttest: the ledger is away")

// State is how a ledger behaves.
type State int

// The states.
const (
	Well  State = iota
	Away        // everything fails at once
	Hangs       // nothing is answered before the asker's patience ends
)

// Ledger is a consent.Ledger in memory. Its zero value is ready, and empty.
type Ledger struct {
	// Watch is called with every fact, once it is recorded, beside whoever recorded it.
	// Set it before use. Optional.
	Watch func(consent.Fact)

	mu    sync.Mutex
	facts []consent.Fact
	state State
}

// Set changes how the ledger behaves.
func (l *Ledger) Set(s State) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = s
}

// Facts is all that was recorded of the types, in order; of any type if none is named.
func (l *Ledger) Facts(types ...consent.Type) []consent.Fact {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.facts), func(f consent.Fact) bool {
		return len(types) > 0 &&
			!slices.Contains(types, f.Type)
	})
}

// Permitted tells whether a permit was minted for a call. It is what twiliotest.API asks
// before it rings anybody.
func (l *Ledger) Permitted(callID string) bool {
	return slices.ContainsFunc(l.Facts(consent.Permitted), func(f consent.Fact) bool {
		return f.CallID == callID && f.PermitStatus == consent.PermitMinted
	})
}

// Record implements consent.Ledger.
func (l *Ledger) Record(ctx context.Context, facts ...consent.Fact) ([]consent.Receipt, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	receipts := l.append(facts)
	l.mu.Unlock()
	l.tell(len(facts), receipts)
	return receipts, nil
}

// Transact implements consent.Ledger.
func (l *Ledger) Transact(ctx context.Context, n phone.Number,
	decide func(consent.Snapshot) []consent.Fact) ([]consent.Receipt, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	facts := decide(l.snapshot(n))
	receipts := l.append(facts)
	l.mu.Unlock()
	l.tell(len(facts), receipts)
	return receipts, nil
}

// Snapshot implements consent.Ledger.
func (l *Ledger) Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	if err := l.enter(ctx); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []consent.Snapshot
	for _, n := range numbers {
		list = append(list, l.snapshot(n))
	}
	return list, nil
}

// enter waits, or fails, as the state says.
func (l *Ledger) enter(ctx context.Context) error {
	l.mu.Lock()
	state := l.state
	l.mu.Unlock()
	switch state {
	case Away:
		return ErrAway
	case Hangs:
		<-ctx.Done()
	}
	return ctx.Err()
}

// append gives facts their places. l.mu is held.
func (l *Ledger) append(facts []consent.Fact) []consent.Receipt {
	var receipts []consent.Receipt
	for _, f := range facts {
		f.Seq = int64(len(l.facts) + 1)
		hash := sha256.Sum256(fmt.Appendf(nil, "%d", f.Seq))
		f.Hash = hex.EncodeToString(hash[:])
		l.facts = append(l.facts, f)
		receipts = append(receipts, consent.Receipt{Seq: f.Seq, Hash: f.Hash})
	}
	return receipts
}

// tell calls Watch with the newest facts.
func (l *Ledger) tell(n int, receipts []consent.Receipt) {
	if l.Watch == nil || n == 0 {
		return
	}
	l.mu.Lock()
	first := receipts[0].Seq
	facts := slices.Clone(l.facts[first-1 : int(first)-1+n])
	l.mu.Unlock()
	go func() {
		for _, f := range facts {
			l.Watch(f)
		}
	}()
}

// snapshot is what is known of a number. l.mu is held.
func (l *Ledger) snapshot(n phone.Number) consent.Snapshot {
	s := consent.Snapshot{AsOf: int64(len(l.facts))}
	for _, f := range l.facts {
		if f.Number == n {
			s.Facts = append(s.Facts, f)
		}
	}
	return s
}
