package call

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/call/amd"
	"github.com/patchcord/patchcord/twilio"
)

const noteOperator = "an operator ended the call before anybody answered"

// early is an order about a call that has no stream: one that rings, or waits for its
// first stream or another. It is nil if there is no such call here.
func (b *Switchboard) early(id, verb, text string) func(context.Context) error {
	if verb == verbStatus {
		s, err := readNews(text)
		if err != nil || !b.has(id, s.CallSID) {
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
	case verb == verbMachine && w != nil:
		return b.toMachine(sid, w.call, text, func(out Outcome) { b.forget(sid, w, out) })
	case verb == verbMachine && p != nil:
		return b.toMachine(sid, p.call, text, func(out Outcome) { b.giveUp(sid, p, out) })
	case verb == verbHangUp && w != nil && b.cfg.Twilio != nil:
		return func(ctx context.Context) error {
			if err := b.cfg.Twilio.HangUp(ctx, sid); err != nil {
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
func (b *Switchboard) streamless(id string) (twilio.CallSID, *waiting, *parked) {
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

// toMachine ends a call without a stream that a machine took.
func (b *Switchboard) toMachine(sid twilio.CallSID, c *Call, answeredBy string, end func(Outcome)) func(context.Context) error {
	return func(context.Context) error {
		out := c.profile.byMachine(amd.Record{Fax: answeredBy == "fax"}, c.journal.head.Order)
		b.mu.Lock()
		c.amd.TookCall()
		b.mu.Unlock()
		if out.next == nextMessage {
			b.redirectAside(sid, c.after(nextMessage))
		} else {
			b.hangUpAside(sid)
		}
		b.keeper.do(func() { end(out) })
		return nil
	}
}
