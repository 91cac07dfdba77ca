package expression

import (
	"context"
	"sync"
	"time"
)

// Observer observes one call. Its methods copy what they are given, never wait for a
// backend, may be used by several goroutines at once, and do nothing on a nil Observer.
// It must be closed.
type Observer struct {
	backend backend
	results chan Result
	trouble chan error    // has room for one
	poked   chan struct{} // has room for one: there is something to do
	cancel  context.CancelFunc
	done    chan struct{}
	wg      sync.WaitGroup // of what the backend runs beside

	mu      sync.Mutex // guards what follows; held for copies only
	queue   queue
	turns   []turn
	began   time.Time // of the turn under way, as far as that is known
	agent   spans
	paused  bool
	forget  bool // what the backend holds is of a time that must not be used
	told    bool
	pending int // turns for which an answer may still come
	idle    chan struct{}
	stats   Stats
}

// Stats counts what an observer did not do.
type Stats struct {
	Dropped time.Duration // sound for which the queue had no room
	Skipped int           // turns without a result: silent, too many at once, refused or unanswered
}

// turn is one turn of the caller's that is over.
type turn struct {
	number     int
	begin, end time.Time // begin is zero if it isn't known
	over       []span    // when the agent's voice was played
}

// host is what a backend has of its observer.
type host struct {
	ctx     context.Context
	emit    func(Result)
	skip    func(error) // a turn has no result; the error is nil if that is no fault
	trouble func(error) // a fault that is of no turn
	poke    func()      // has tick called soon
	wg      *sync.WaitGroup
}

// backend makes results of one call's sound. One goroutine calls all of it. Each turn
// that is given to ended is answered by one emit or one skip.
type backend interface {
	hear(frame)
	ended(turn)
	tick(now time.Time) (next time.Time) // what time brings; zero: nothing
	reset()                              // forgets all sound
	close()                              // host.ctx is over: closes what is open
}

func newObserver(make_ func(host) backend) *Observer {
	ctx, cancel := context.WithCancel(context.Background())
	o := &Observer{results: make(chan Result, 16), trouble: make(chan error, 1), poked: make(chan struct{}, 1),
		cancel: cancel, done: make(chan struct{}), idle: make(chan struct{}, 1)}
	o.backend = make_(host{ctx: ctx, emit: o.emit, skip: o.skip, trouble: o.tell, poke: o.poke, wg: &o.wg})
	go o.run(ctx)
	return o
}

// Results gets the results, in no particular order. It has room for 16; the oldest goes
// when nobody reads. That of a nil Observer is nil. It is never closed.
func (o *Observer) Results() <-chan Result {
	if o == nil {
		return nil
	}
	return o.results
}

// Trouble gets the first thing that goes wrong: one error at most, without speech, keys
// or URLs. That of a nil Observer is nil.
func (o *Observer) Trouble() <-chan error {
	if o == nil {
		return nil
	}
	return o.trouble
}

// Stats is what was counted so far.
func (o *Observer) Stats() Stats {
	if o == nil {
		return Stats{}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	s := o.stats
	s.Dropped = time.Duration(o.queue.dropped) * time.Millisecond / perMS
	return s
}

// Close ends the observer. It waits for the results of turns that are over, at most for
// so long, and then for its goroutines, which end at once. Results that came may still
// be read.
func (o *Observer) Close(patience time.Duration) {
	if o == nil {
		return
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	for waiting := o.awaits() > 0 && patience > 0; waiting; {
		select {
		case <-o.idle:
			waiting = o.awaits() > 0
		case <-late.C:
			waiting = false
		}
	}
	o.cancel()
	<-o.done
	o.wg.Wait()
}

func (o *Observer) awaits() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.pending
}
