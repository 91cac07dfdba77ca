package server

import (
	"sync"
	"time"
)

// Bounds of the answers that an instance remembers by itself.
const (
	repeatLife = 24 * time.Hour // a lost answer is given again for so long
	maxRepeats = 10_000         // calls; the oldest goes first. An answer has about 600 bytes
)

// attempt is a request about a call that came first.
type attempt struct {
	body   [32]byte      // what it asked, and as which attempt
	done   chan struct{} // closed when there is an answer, or none will be
	answer []byte        // after done; nil if none was made
	begun  time.Time
}

// repeats is what this instance answered to the webhooks that make a call, by call: it
// holds while the database is away.
type repeats struct {
	mu    sync.Mutex
	of    map[[32]byte]*attempt
	order [][32]byte // the oldest first; some may be gone
}

// begin is the attempt of a call that came first, and whether it is this one. Who is
// first has to call end.
func (p *repeats) begin(call, body [32]byte, now time.Time) (a *attempt, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of = map[[32]byte]*attempt{}
	}
	for len(p.order) > 0 {
		oldest := p.of[p.order[0]]
		if oldest != nil && now.Sub(oldest.begun) < repeatLife && len(p.order) < maxRepeats {
			break
		}
		delete(p.of, p.order[0])
		p.order = p.order[1:]
	}
	if a = p.of[call]; a != nil {
		return a, false
	}
	a = &attempt{body: body, done: make(chan struct{}), begun: now}
	p.of[call] = a
	p.order = append(p.order, call)
	return a, true
}

// end keeps the answer of the first attempt. Without one the call may be asked about again.
func (p *repeats) end(call [32]byte, a *attempt, answer []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a.answer = answer
	if answer == nil && p.of[call] == a {
		delete(p.of, call)
	}
	close(a.done)
}
