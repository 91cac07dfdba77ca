package wiretest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Plans say how handshakes to come are taken, other than accepted at once. They are followed in
// their order.
type Plans[P any] struct {
	mu    sync.Mutex
	tries int
	queue []planned[P]
}

type planned[P any] struct {
	plan  P
	times int
}

// Add plans so many handshakes, or, if times is negative, all.
func (p *Plans[P]) Add(plan P, times int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if times != 0 {
		p.queue = append(p.queue, planned[P]{plan, times})
	}
}

// Clear forgets what was planned.
func (p *Plans[P]) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queue = nil
}

// Next counts a try, and says how to take it.
func (p *Plans[P]) Next() (plan P) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if len(p.queue) == 0 {
		return plan
	}
	first := &p.queue[0]
	plan = first.plan
	if first.times--; first.times == 0 {
		p.queue = slices.Delete(p.queue, 0, 1)
	}
	return plan
}

// Tries counts the handshakes that were asked for, refused ones too.
func (p *Plans[P]) Tries() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tries
}

// Await lets a handshake wait: for so long, or, with hang, for ever. It leaves the request without
// an answer when the client goes or over ends.
func Await(over context.Context, r *http.Request, delay time.Duration, hang bool) {
	wait := time.NewTimer(delay)
	defer wait.Stop()
	turn := wait.C
	if hang {
		turn = nil
	}
	select {
	case <-turn:
	case <-r.Context().Done():
		panic(http.ErrAbortHandler)
	case <-over.Done():
		panic(http.ErrAbortHandler)
	}
}
