package call

import (
	"github.com/patchcord/patchcord/carrier"
)

// carry runs a call on a stream and takes its end.
func (b *Switchboard) carry(l *live, line carrier.Line, streams int) {
	c := l.call
	out := c.run(line)
	b.mu.Lock()
	closing := b.ctx.Err() != nil
	goesOn := true
	switch {
	case l.e.phase != l: // another instance has claimed it, whatever it ended by
		b.keeper.do(func() {
			c.handOn()
			b.passOnEnd(c.journal.head.ID, l.over)
		})
	case closing || l.over != nil && out.Reason == streamLost: // nobody will ask what to do next
		out = out.final(closing)
		goesOn = !b.table.move(l.e, l, b.over(nil))
	case out.Reason == ceded:
		b.table.move(l.e, l, nil)
		b.keeper.do(c.handOn)
	case out.Reason == streamLost:
		b.park(l, out, streams)
	case out.next == nextTransfer:
		b.putAway(l, out, streams)
	case out.Reason == steppedAway:
		b.stepAway(l, streams, out.digits)
	default:
		goesOn = !b.table.move(l.e, l, b.over(nil))
	}
	close(l.done)
	b.mu.Unlock()
	if !goesOn {
		b.settle(c, out)
	}
}

// final is o, of a call that can't go on as o says.
func (o Outcome) final(closing bool) Outcome {
	switch {
	case o.Reason == streamLost:
		o.Reason = CallerHungUp
	case o.Reason == steppedAway && closing:
		return Outcome{Reason: Drained, Err: ErrShutdown}
	case o.next == nextTransfer:
		return o.unwatched()
	}
	return o
}
