package call

import (
	"sync"
	"time"
)

// over is the phase of a call that ends now: the carrier may ask and tell of it as long as what it follows is kept, and
// a token that was never used must not open it again.
func (b *Switchboard) over(p *placed) *ended {
	now := time.Now()
	return &ended{placed: p, until: now.Add(nextLife)}
}

// settle writes a call's outcome, and tells whoever waits for its end.
func (b *Switchboard) settle(c *Call, out Outcome) {
	b.mu.Lock()
	b.table.sweep(time.Now())
	b.mu.Unlock()
	c.settle(out, time.Now())
	if !c.counted {
		b.conclude(c.journal.head, out, figures{c.quality.openingStarted, c.amd.Machine()})
	}
}

// abandonAll ends what has no stream, at the service's end.
func (b *Switchboard) abandonAll() {
	b.mu.Lock()
	all := map[*entry]phase{}
	for _, e := range b.table.all() {
		all[e] = e.phase
	}
	b.mu.Unlock()
	out := Outcome{Reason: Drained, Err: ErrShutdown}
	var ending sync.WaitGroup
	for _, p := range all {
		switch p := p.(type) {
		case dialing:
			b.dropPlaced(p.placed, out)
		case ringing:
			b.dropPlaced(p.placed, out)
		case awaiting:
			ending.Go(func() { b.forget(p.waiting, out) })
		case sendingDigits:
			ending.Go(func() { b.forget(p.waiting, out) })
		case overdue:
			ending.Go(func() { b.forget(p.waiting, out) })
		case *reconnecting:
			ending.Go(func() { b.giveUp(p, out) })
		case *transferred:
			ending.Go(func() { b.endAway(p, p.out.unwatched()) })
		case *asking, *reserved, *live, *ended, *unconfirmed:
		}
	}
	ending.Wait()
}
