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
	e := b.table.withID(id)
	waits := e != nil && waits(e.phase) != nil
	b.mu.Unlock()
	return waits && b.elsewhere(id)
}

// obey gives an order to a call that talks here.
func (b *Switchboard) obey(ctx context.Context, id, verb, text string) (here bool, err error) {
	b.mu.Lock()
	l := b.talking(id)
	b.mu.Unlock()
	if l == nil {
		return false, nil
	}
	return true, l.stream.command(ctx, verb, text)
}

// talking finds a call that talks here; nil if it does not. b.mu is held.
func (b *Switchboard) talking(id string) *live {
	if e := b.table.withID(id); e != nil {
		l, _ := e.phase.(*live)
		return l
	}
	return nil
}
