package call

import "time"

// reconnecting is a call whose stream was lost without a word. The carrier may ask what
// comes next; then it goes on with another stream.
type reconnecting struct {
	e       *entry
	call    *Call
	out     Outcome
	streams int
}

// park keeps a call whose stream was lost. b.mu is held.
func (b *Switchboard) park(l *live, out Outcome, streams int) {
	p := &reconnecting{e: l.e, call: l.call, out: out, streams: streams}
	b.table.move(l.e, l, p)
	p.e.timer = time.AfterFunc(parkWait, func() { b.giveUp(p, Outcome{Reason: CallerHungUp, Err: out.Err}) })
}

// giveUp ends a call whose stream was lost.
func (b *Switchboard) giveUp(p *reconnecting, out Outcome) {
	b.mu.Lock()
	mine := b.table.move(p.e, p, b.over(nil))
	b.mu.Unlock()
	if mine {
		b.settle(p.call, out)
	}
}

// dropParked gives up a call whose stream was lost and that goes on elsewhere.
func (b *Switchboard) dropParked(p *reconnecting) {
	b.mu.Lock()
	mine := b.table.move(p.e, p, nil)
	b.mu.Unlock()
	if mine {
		b.keeper.do(p.call.handOn)
	}
}
