package call

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/twilio"
)

const noteOperator = "an operator ended the call before anybody answered"

// early carries out an order about a call that has no stream: one that rings, or waits
// for its first stream or another. It is false if there is no such call here.
func (b *Switchboard) early(ctx context.Context, id, verb, text string) (here bool, err error) {
	if verb == verbStatus {
		s, err := readNews(text)
		if here = err == nil && b.has(id, s.CallSID); here {
			b.keeper.do(func() { b.status(id, s) }) // whoever passes orders on must not wait
		}
		return here, err
	}
	b.mu.Lock()
	ringing := b.placed[id]
	var sid twilio.CallSID
	var w *waiting
	var p *parked
	for s, x := range b.waiting {
		if x.call.journal.head.ID == id {
			sid, w = s, x
		}
	}
	for s, x := range b.parked {
		if x.call.journal.head.ID == id {
			sid, p = s, x
		}
	}
	b.mu.Unlock()
	switch {
	case verb == verbTaken:
		return ringing != nil && text != b.cfg.Instance && b.leave(ringing), nil
	case ringing != nil:
		return true, b.earlyRing(ringing, verb, text)
	case w != nil && verb == verbMachine:
		b.toMachine(sid, w.call, text, func(out Outcome) { b.forget(sid, w, out) })
	case p != nil && verb == verbMachine:
		b.toMachine(sid, p.call, text, func(out Outcome) { b.giveUp(sid, p, out) })
	case w != nil:
		return true, b.hangUpEarly(ctx, sid, verb)
	default:
		return false, nil
	}
	return true, nil
}

// earlyRing carries out an order about a call that rings.
func (b *Switchboard) earlyRing(p *placed, verb, text string) error {
	switch verb {
	case verbHangUp:
		b.dropPlaced(p, Outcome{Reason: Failed, note: noteOperator})
	case verbMachine: // its answer has yet to reach us
		b.dropPlaced(p, Outcome{Reason: Voicemail, note: noteMachine})
	default:
		return ErrNotLive
	}
	return nil
}

// toMachine ends a call without a stream that a machine took.
func (b *Switchboard) toMachine(sid twilio.CallSID, c *Call, answeredBy string, end func(Outcome)) {
	out := c.profile.byMachine(answeredBy)
	b.mu.Lock()
	c.machine = true
	b.mu.Unlock()
	if out.next == nextMessage {
		b.redirectAside(sid, c.after(nextMessage))
	} else {
		b.hangUpAside(sid)
	}
	b.keeper.do(func() { end(out) })
}

// hangUpEarly ends a call that has no stream yet, which only Twilio can.
func (b *Switchboard) hangUpEarly(ctx context.Context, sid twilio.CallSID, verb string) error {
	if verb != verbHangUp || b.cfg.Twilio == nil {
		return ErrNotLive
	}
	if err := b.cfg.Twilio.HangUp(ctx, sid); err != nil {
		return fmt.Errorf("call: hang up: %w", err)
	}
	return nil
}
