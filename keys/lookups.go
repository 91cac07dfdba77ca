package keys

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxLookup bounds one look-up. Whoever asks waits for two of them at most: the one that
// is under way, and its own.
const maxLookup = 2 * time.Second

// lookups asks the store about one batch of hashes at a time; whoever asks meanwhile shares
// the next batch. However many guesses come, from however many addresses, they take one of
// the database's connections, and a right key waits for no queue of theirs.
type lookups struct {
	store Store

	mu   sync.Mutex
	next *batch // is asked next; nil if nobody waits
	busy bool   // one is under way
}

// batch is hashes that the store is asked about at once.
type batch struct {
	hashes map[[32]byte]bool
	done   chan struct{}    // closed when the rest is there
	found  map[[32]byte]Key // those of them that there are
	err    error
}

// find returns the key of a hash, as [Store.FindKeys] has it, or ErrUnknown.
func (l *lookups) find(ctx context.Context, hash [32]byte) (Key, error) {
	b := l.join(hash)
	select {
	case <-b.done:
	case <-ctx.Done():
		return Key{}, ctx.Err()
	}
	k, known := b.found[hash]
	if b.err == nil && !known {
		return Key{}, ErrUnknown
	}
	return k, b.err
}

// join adds a hash to the next batch.
func (l *lookups) join(hash [32]byte) *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		l.next = &batch{hashes: map[[32]byte]bool{}, done: make(chan struct{})}
	}
	l.next.hashes[hash] = true
	b := l.next
	if !l.busy {
		l.busy = true
		go l.run()
	}
	return b
}

// run asks about one batch after another until nobody waits.
func (l *lookups) run() {
	for b := l.take(); b != nil; b = l.take() {
		ctx, cancel := context.WithTimeout(context.Background(), maxLookup)
		b.found, b.err = l.store.FindKeys(ctx, slices.Collect(maps.Keys(b.hashes)))
		cancel()
		close(b.done)
	}
}

// take is the next batch; nil if nobody waits.
func (l *lookups) take() *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.next
	l.next, l.busy = nil, b != nil
	return b
}
