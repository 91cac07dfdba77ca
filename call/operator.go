package call

import (
	"context"
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio"
)

// errCallerGone is the cause with which a call is cancelled when Twilio reports
// that it has ended.
var errCallerGone = errors.New("call: Twilio reports that the call has ended")

// HangUp ends a live call, whichever instance holds it.
func (b *Switchboard) HangUp(ctx context.Context, id string) error {
	return b.order(ctx, id, verbHangUp, "")
}

// Say makes the agent of a live call speak, whichever instance holds it.
func (b *Switchboard) Say(ctx context.Context, id, text string) error {
	return b.order(ctx, id, verbSay, text)
}

func (b *Switchboard) order(ctx context.Context, id, verb, text string) error {
	if here, err := b.obey(ctx, id, verb, text); here {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	c, err := b.cfg.Store.Get(ctx, id)
	switch sid := b.waitsFor(id); {
	case sid != "" && (err != nil || c.Instance == b.cfg.Instance): // or its stream went to another instance
		return b.hangUpEarly(ctx, sid, verb)
	case err != nil:
		return err
	case c.Outcome != "":
		return ErrNotLive
	}
	return b.cfg.Shared.SendCommand(ctx, id, verb, text)
}

// Obey carries out an order that came from another instance. It is false if
// the call does not talk here.
func (b *Switchboard) Obey(id, verb, text string) bool {
	here, err := b.obey(b.ctx, id, verb, text)
	if err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("an order could not be carried out")
	}
	return here
}

// obey gives an order to a call that talks here.
func (b *Switchboard) obey(ctx context.Context, id, verb, text string) (here bool, err error) {
	b.mu.Lock()
	var c *Call
	for _, l := range b.live {
		if l.call.journal.head.ID == id {
			c = l.call
		}
	}
	b.mu.Unlock()
	if c == nil {
		return false, nil
	}
	return true, c.command(ctx, verb, text)
}

// waitsFor finds a call that has no stream yet; empty if it isn't one.
func (b *Switchboard) waitsFor(id string) twilio.CallSID {
	b.mu.Lock()
	defer b.mu.Unlock()
	for sid, w := range b.waiting {
		if w.call.journal.head.ID == id {
			return sid
		}
	}
	return ""
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

// Status takes Twilio's word on a call. One that is over ends what is left of
// it here, whatever order the news come in. Of a call that we placed callID is our
// id of it, as its callback's URL has it; of others it is empty.
func (b *Switchboard) Status(callID string, s twilio.Status) {
	if !s.Status.Terminal() {
		return
	}
	b.mu.Lock()
	w, p, l := b.waiting[s.CallSID], b.parked[s.CallSID], b.live[s.CallSID]
	if _, prepared := b.next[s.CallSID]; prepared { // nobody will ask any more
		delete(b.next, s.CallSID)
		b.ended()
	}
	b.mu.Unlock()
	switch {
	case w != nil:
		b.forget(s.CallSID, w, Outcome{Reason: unheard(s.Status)})
	case p != nil:
		b.giveUp(s.CallSID, p, Outcome{Reason: CallerHungUp})
	case l != nil:
		l.call.cancel(errCallerGone)
	}
}

// unheard is the outcome of a call that ended before it had a stream.
func unheard(status twilio.CallStatus) Reason {
	switch status {
	case twilio.Busy:
		return calllog.OutcomeBusy
	case twilio.NoAnswer:
		return calllog.OutcomeNoAnswer
	case twilio.Failed:
		return Failed
	}
	return CallerHungUp
}
