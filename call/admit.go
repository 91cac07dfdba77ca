package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// admit checks a stream's token and returns its call, which has become live.
func (b *Switchboard) admit(start carrier.Start) (*live, int, error) {
	if want := b.cfg.Account; want != "" && start.Account != want {
		return nil, 0, errStranger
	}
	claim, err := b.tokens.check(start.Call, start.Token, time.Now())
	if err != nil {
		return nil, 0, err
	}
	first, away := b.redeem(claim)
	if !first {
		return nil, 0, errTokenUsed
	}
	profile := b.cfg.Profiles[claim.agent]
	if profile == nil { // another instance has another configuration
		return nil, 0, errTokenWrong
	}
	if b.isOver(start.Call) { // whoever claims it owes it an outcome
		return nil, 0, errOver
	}
	head := b.find(start.Call, profile, away)
	b.awaitEnd(b.ctx, start.Call)  // of a stream that this one replaces
	b.endStream(b.ctx, start.Call) // and that Twilio has left without a word

	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case head.Outcome != "":
		return nil, 0, errOver
	case b.ctx.Err() != nil:
		return nil, 0, errClosed
	}
	e := b.table.entry(head.ID, start.Call)
	w, err := b.waitsFor(e, profile, head)
	if err != nil {
		return nil, 0, err
	}
	e.next = nil // of the stream that it had before
	l := &live{e: e, call: w.call, stream: w.stream, done: make(chan struct{})}
	if !b.table.move(e, e.phase, l) {
		return nil, 0, errOver
	}
	return l, w.streams + 1, nil
}

// waitsFor has a call wait for the stream that has come, whatever it was in before. b.mu is held.
func (b *Switchboard) waitsFor(e *entry, profile *Profile, head calllog.Call) (*waiting, error) {
	switch ph := e.phase.(type) {
	case *live:
		return nil, errTwice
	case *ended:
		return nil, errOver
	case awaiting:
		return ph.waiting, nil
	case sendingDigits:
		return ph.waiting, nil
	case overdue:
		return b.again(e, ph.call, ph.streams), nil
	case *reconnecting:
		return b.again(e, ph.call, ph.streams), nil
	case *transferred: // another instance took it back
		if head.ID != e.id {
			return nil, errOver
		}
		return b.wait(e, profile, head, ph.call, 0), nil
	case dialing: // answered at another instance
		b.settled(ph.placed)
	case ringing:
		b.settled(ph.placed)
	case nil, *asking, *reserved, *unconfirmed: // announced to another instance
	}
	return b.wait(e, profile, head, nil, 0), nil
}

// isOver tells whether a call has ended here a moment ago.
func (b *Switchboard) isOver(sid carrier.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, over := b.table.phaseOf(sid).(*ended)
	return over
}
