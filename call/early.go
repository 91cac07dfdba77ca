package call

import (
	"context"
	"fmt"

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
	ringing := b.placed[id]
	sid, w, p := b.streamless(id)
	none := verb == verbMachine && (w != nil && w.call.amd.Contradicts(text) || p != nil && p.call.amd.Contradicts(text))
	b.mu.Unlock()
	switch {
	case ringing != nil:
		return b.earlyRing(ringing, verb, text)
	case none:
		return func(context.Context) error { return nil }
	case verb == verbMachine && (w != nil || p != nil):
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

// streamless finds a call that waits for a stream. b.mu is held.
func (b *Switchboard) streamless(id string) (carrier.CallID, *waiting, *parked) {
	for sid, w := range b.waiting {
		if w.call.journal.head.ID == id {
			return sid, w, nil
		}
	}
	for sid, p := range b.parked {
		if p.call.journal.head.ID == id {
			return sid, nil, p
		}
	}
	return "", nil, nil
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

// toMachine ends a call without a stream that a machine took. Another stream may be asked for at the same moment, and
// the report of the hang-up may come before the end: what was decided holds for both.
func (b *Switchboard) toMachine(ctx context.Context, id, answeredBy string) error {
	b.mu.Lock()
	sid, w, p := b.streamless(id)
	var c *Call
	switch {
	case w != nil:
		c = w.call
	case p != nil:
		c = p.call
	default:
		b.mu.Unlock()
		_, err := b.obey(ctx, id, verbMachine, answeredBy) // its stream has come meanwhile
		return err
	}
	out := c.profile.byMachine(amd.Record{Fax: answeredBy == "fax"}, c.journal.head.Order)
	c.amd.TookCall()
	c.decided = &out
	b.mu.Unlock()
	if out.next == nextMessage {
		b.redirectAside(sid, c.after(nextMessage))
	} else {
		b.hangUpAside(sid)
	}
	b.keeper.do(func() { b.endStreamless(id, out) })
	return nil
}

// endStreamless ends a call that has no stream, whether it waits for one or has lost one.
func (b *Switchboard) endStreamless(id string, out Outcome) {
	for {
		b.mu.Lock()
		sid, w, p := b.streamless(id)
		b.mu.Unlock()
		switch {
		case w != nil:
			b.forget(sid, w, out)
		case p != nil:
			b.giveUp(sid, p, out)
		default:
			return
		}
	}
}
