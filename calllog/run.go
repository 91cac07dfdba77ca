package calllog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	applyTimeout = 5 * time.Second        // for one transaction
	patience     = 250 * time.Millisecond // with a store that does not answer, before all goes to disk
	firstRetry   = 250 * time.Millisecond // doubling
	lastRetry    = 5 * time.Second
)

// batch is what goes to the store in one transaction.
type batch struct {
	changes []Change
	lines   int       // of the spool that it came from, the unreadable ones included; 0: from memory
	refused []refusal // known only when the rest is stored
}

// run is the one goroutine that talks to the store.
func (w *Writer) run(ctx context.Context) {
	defer close(w.done)
	away := false
	for delay := firstRetry; w.wait(); {
		b, err := w.take()
		if err == nil {
			err = w.send(ctx, b)
		}
		if err == nil {
			if away {
				w.cfg.Log.Info().Int("spooled", w.Spooled()).Msg("call log: store available again")
			}
			away, delay = false, firstRetry
			continue
		}
		if !away {
			w.cfg.Log.Warn().Err(err).Msg("call log: store unavailable; writing entries to the spool")
		}
		away = true
		if w.last(delay) {
			return
		}
		delay = min(2*delay, lastRetry)
	}
}

// wait returns when a batch is ready: something is in the spool, the queue
// holds a full batch, or its first change has waited long enough. It returns
// false when the Writer is closing and nothing is left.
func (w *Writer) wait() bool {
	var due <-chan time.Time
	for {
		w.mu.Lock()
		waiting, ready, closed := len(w.queue), w.spool.lines > 0 || len(w.queue) >= w.cfg.Batch, w.closed
		w.mu.Unlock()
		if ready || closed {
			return ready || waiting > 0
		}
		if waiting > 0 && due == nil {
			due = time.After(w.cfg.Every)
		}
		select {
		case <-due:
			return true
		case <-w.wake:
		case <-w.closing:
		}
	}
}

// last waits before the next attempt, and tells whether there is none because
// the Writer was closing during this one.
func (w *Writer) last(delay time.Duration) bool {
	select {
	case <-w.closing:
		return true
	default:
	}
	select {
	case <-w.closing: // one more attempt, at once
	case <-time.After(delay):
	}
	return false
}

// take returns the oldest batch: while the spool has lines, from there.
func (w *Writer) take() (*batch, error) {
	w.mu.Lock()
	head, tail, lines := w.spool.head, w.spool.tail, w.spool.lines
	if lines == 0 {
		n := min(len(w.queue), w.cfg.Batch)
		w.inflight = slices.Clone(w.queue[:n])
		w.queue = slices.Delete(w.queue, 0, n)
	}
	b := &batch{changes: w.inflight}
	w.mu.Unlock()
	if lines == 0 {
		return b, nil
	}

	waiting, err := w.spool.peek(head, tail, w.cfg.Batch)
	for _, line := range waiting {
		var c Change
		if json.Unmarshal(line, &c) == nil {
			b.changes = append(b.changes, c)
		} else {
			b.refused = append(b.refused, refusal{line, "not a line of the spool"})
		}
	}
	b.lines = len(waiting)
	return b, err
}

// send brings a batch to the store and settles it.
func (w *Writer) send(ctx context.Context, b *batch) error {
	slow := time.AfterFunc(patience, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		_ = w.spill() // if it cannot, memory goes on holding all
	})
	err := w.apply(ctx, b, b.changes)
	slow.Stop()
	if err == nil {
		w.keep(b.refused)
	}

	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.counts.failures++
		if w.spill() != nil {
			w.queue = slices.Concat(w.inflight, w.queue)
		}
		w.inflight, w.spilled = nil, false
		return err
	}
	settled, spooled := len(b.changes), w.spilled
	if b.lines > 0 {
		settled, spooled = b.lines, true
	}
	w.inflight, w.spilled = nil, false
	if spooled {
		if err := w.spool.drop(settled); err != nil {
			return err
		}
	}
	w.counts.settled += int64(settled)
	w.counts.rejected += int64(len(b.refused))
	w.tell()
	return nil
}

// tell wakes those who wait in Flush and Secure. The caller holds mu.
func (w *Writer) tell() {
	close(w.progress)
	w.progress = make(chan struct{})
}

// spill moves all that is in memory to the spool, unless the spool is in use
// already. The batch in flight goes first: should the store not take it, it is
// where it belongs. The caller holds mu.
func (w *Writer) spill() error {
	if w.spool.lines > 0 || len(w.inflight)+len(w.queue) == 0 {
		return nil
	}
	if w.stuck = w.spool.add(slices.Concat(w.inflight, w.queue)...); w.stuck != nil {
		return w.stuck
	}
	w.spilled = len(w.inflight) > 0
	clear(w.queue)
	w.queue = w.queue[:0]
	w.tell()
	return nil
}

// apply stores changes, in order. If the store rejects some for their content,
// halving finds them, and the rest is stored.
func (w *Writer) apply(ctx context.Context, b *batch, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	attempt, cancel := context.WithTimeout(ctx, applyTimeout)
	err := w.cfg.Store.Apply(attempt, changes)
	cancel()
	var rejected *RejectedError
	if !errors.As(err, &rejected) {
		return err
	}
	if len(changes) == 1 {
		line, err := json.Marshal(changes[0])
		if err != nil {
			return fmt.Errorf("calllog: encode a rejected change: %w", err)
		}
		b.refused = append(b.refused, refusal{append(line, '\n'), rejected.Reason})
		return nil
	}
	half := len(changes) / 2
	if err := w.apply(ctx, b, changes[:half]); err != nil {
		return err
	}
	return w.apply(ctx, b, changes[half:])
}
