package call

import (
	"context"
	"errors"
)

// errCallerGone is the cause with which a call is cancelled when Twilio reports
// that it has ended.
var errCallerGone = errors.New("call: the carrier reports that the call has ended")

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
	if err != nil || c.Instance == b.cfg.Instance { // or its stream went to another instance
		if do := b.early(id, verb, text); do != nil {
			return do(ctx)
		}
	}
	switch {
	case err != nil:
		return err
	case c.Outcome != "":
		return ErrNotLive
	}
	return b.cfg.Shared.SendCommand(ctx, id, verb, text)
}

// Obey carries out an order that came from another instance. It is false if
// the call is not here.
func (b *Switchboard) Obey(id, verb, text string) bool {
	switch verb {
	case verbCeded:
		epoch, to, err := readCeded(text)
		return err == nil && to != b.cfg.Instance && b.cede(id, epoch)
	case verbStreamOver:
		return b.restreamFor(id)
	}
	here, err := b.obey(b.ctx, id, verb, text)
	if here {
		b.disobeyed(id, err)
		return true
	}
	do := b.early(id, verb, text)
	if do == nil || b.announcedOnly(id) {
		return false
	}
	b.keeper.do(func() { b.disobeyed(id, do(b.ctx)) }) // whoever passes orders on must not wait
	return true
}

func (b *Switchboard) disobeyed(id string, err error) {
	if err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("command failed")
	}
}

// announcedOnly tells whether a call waits here for a stream that has gone to another
// instance.
func (b *Switchboard) announcedOnly(id string) bool {
	b.mu.Lock()
	_, w, _ := b.streamless(id)
	b.mu.Unlock()
	return w != nil && b.elsewhere(id)
}

// obey gives an order to a call that talks here.
func (b *Switchboard) obey(ctx context.Context, id, verb, text string) (here bool, err error) {
	b.mu.Lock()
	var s *stream
	for _, l := range b.live {
		if l.call.journal.head.ID == id {
			s = l.stream
		}
	}
	b.mu.Unlock()
	if s == nil {
		return false, nil
	}
	return true, s.command(ctx, verb, text)
}
