package call

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/carrier"
)

const noteOperator = "an operator ended the call before anybody answered"

// early is an order about a call that has no stream: one that rings, or waits for its
// first stream or another. It is nil if there is no such call here.
func (b *Switchboard) early(id, verb, text string) func(context.Context) error {
	if verb == verbStatus {
		s, err := readNews(text)
		if err != nil || !b.has(id, s.Call) {
			return nil
		}
		return func(context.Context) error { b.status(id, s); return nil }
	}
	if do := b.earlyAway(id, verb, text); do != nil {
		return do
	}
	b.mu.Lock()
	var placed *placed
	var c *Call // without a stream
	var w *waiting
	var sid carrier.CallID
	if e := b.table.withID(id); e != nil {
		placed, c, w, sid = rings(e.phase), withoutStream(e.phase), waits(e.phase), e.sid
	}
	none := verb == verbMachine && c != nil && c.amd.Contradicts(text)
	b.mu.Unlock()
	switch {
	case placed != nil:
		return b.earlyRing(placed, verb, text)
	case none:
		return func(context.Context) error { return nil }
	case verb == verbMachine && c != nil:
		return func(ctx context.Context) error { return b.toMachine(ctx, id, text) }
	case verb == verbHangUp && w != nil && b.cfg.Carrier != nil:
		return func(ctx context.Context) error {
			if err := b.cfg.Carrier.HangUp(ctx, sid); err != nil {
				return fmt.Errorf("call: hang up: %w", err)
			}
			return nil
		}
	case w != nil && verb != verbTaken:
		return func(context.Context) error { return ErrNotLive }
	}
	return nil
}

// withoutStream is the call in a phase in which it waits for a stream, or has lost one; nil in any other.
func withoutStream(p phase) *Call {
	if p, ok := p.(*reconnecting); ok {
		return p.call
	}
	if w := waits(p); w != nil {
		return w.call
	}
	return nil
}

// earlyRing is an order about a call that rings.
func (b *Switchboard) earlyRing(p *placed, verb, text string) func(context.Context) error {
	do := func(f func()) func(context.Context) error {
		return func(context.Context) error { f(); return nil }
	}
	switch {
	case verb == verbHangUp:
		return do(func() { b.dropPlaced(p, Outcome{Reason: Failed, note: noteOperator}) })
	case verb == verbMachine: // its answer has yet to reach us
		return do(func() { b.dropPlaced(p, Outcome{Reason: Voicemail, note: noteMachine}) })
	case verb == verbTaken && text == b.cfg.Instance:
		return nil
	case verb == verbTaken:
		return do(func() { b.leave(p) })
	}
	return func(context.Context) error { return ErrNotLive }
}

// toMachine ends a call without a stream that a machine took. It is over at once: a stream that comes is refused, and
// the carrier's question and its report find what was decided.
func (b *Switchboard) toMachine(ctx context.Context, id, answeredBy string) error {
	b.mu.Lock()
	e := b.table.withID(id)
	var c *Call
	if e != nil {
		c = withoutStream(e.phase)
	}
	if c == nil {
		b.mu.Unlock()
		_, err := b.obey(ctx, id, verbMachine, answeredBy) // its stream has come meanwhile
		return err
	}
	sid := e.sid
	out := c.profile.byMachine(amd.Record{Fax: answeredBy == "fax"}, c.journal.head.Order)
	c.amd.TookCall()
	waits := waits(e.phase)
	b.table.move(e, e.phase, b.over(nil))
	e.next = &prepared{step: c.profile.after(out.next, &c.journal.head), expires: time.Now().Add(nextLife), asked: true}
	b.mu.Unlock()
	if out.next == nextMessage {
		b.redirectAside(sid, c.profile.after(nextMessage, &c.journal.head))
	} else {
		b.hangUpAside(sid)
	}
	b.keeper.do(func() {
		if waits != nil {
			waits.stream.abandon()
		}
		b.settle(c, out)
	})
	return nil
}
