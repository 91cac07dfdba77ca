package expression

import (
	"context"
	"time"
)

// run gives the backend what there is for it, until ctx ends.
func (o *Observer) run(ctx context.Context) {
	defer close(o.done)
	defer o.backend.close()
	alarm := time.NewTimer(time.Hour)
	defer alarm.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.poked:
		case <-alarm.C:
		}
		frames, turns, forget := o.take()
		if forget {
			o.backend.reset()
		}
		for _, f := range frames {
			o.backend.hear(f)
		}
		for _, t := range turns {
			o.backend.ended(t)
		}
		alarm.Stop()
		if next := o.backend.tick(time.Now()); !next.IsZero() {
			alarm.Reset(max(time.Until(next), time.Millisecond))
		}
	}
}

func (o *Observer) take() ([]frame, []turn, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	turns, forget := o.turns, o.forget
	o.turns, o.forget = nil, false
	return o.queue.take(), turns, forget
}

func (o *Observer) poke() {
	select {
	case o.poked <- struct{}{}:
	default:
	}
}

// emit hands a result over. A reader that doesn't read loses the oldest.
func (o *Observer) emit(r Result) {
	o.mu.Lock()
	defer o.mu.Unlock()
	r.At = time.Now()
	for {
		select {
		case o.results <- r:
			o.settled()
			return
		default:
		}
		select {
		case <-o.results:
		default:
		}
	}
}

func (o *Observer) skip(err error) {
	o.mu.Lock()
	o.stats.Skipped++
	o.settled()
	o.mu.Unlock()
	if err != nil {
		o.tell(err)
	}
}

// settled notes that a turn has been answered. o.mu is held.
func (o *Observer) settled() {
	if o.pending--; o.pending == 0 {
		select {
		case o.idle <- struct{}{}:
		default:
		}
	}
}

// tell tells of the first trouble.
func (o *Observer) tell(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.told {
		o.told = true
		o.trouble <- err
	}
}
