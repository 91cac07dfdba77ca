package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// redeem uses a token up. If the database can't say, this instance's own memory
// has to do, and away is true: the token is signed, short-lived and made for this one call.
func (b *Switchboard) redeem(c claim) (first, away bool) {
	now := time.Now()
	b.mu.Lock()
	_, again := b.used[c.hash]
	b.used[c.hash] = c.expires
	for h, expires := range b.used {
		if now.After(expires) {
			delete(b.used, h)
		}
	}
	b.mu.Unlock()
	if again {
		return false, false
	}
	ctx, cancel := context.WithTimeout(b.ctx, askWait)
	defer cancel()
	first, err := b.cfg.Shared.RedeemToken(ctx, c.hash, c.expires)
	if err != nil {
		b.cfg.Logger.Warn().Err(err).Msg("database unavailable; token checked by this instance only")
		return true, true
	}
	return first, false
}

// find returns the head of a call that another instance has, claimed for this one; a new one if
// nothing is known of it. A call that is here is not asked about while the database is away; that
// another instance has claimed it meanwhile this one may not have heard yet.
func (b *Switchboard) find(sid carrier.CallID, p *Profile, away bool) calllog.Call {
	head := calllog.Call{ID: b.idOf(sid), Direction: calllog.Inbound, TwilioCallSID: string(sid), Agent: p.Name, Voice: p.voice(),
		Status: calllog.StatusRinging, StartedAt: time.Now(), Instance: b.cfg.Instance}
	b.mu.Lock()
	here := hasAgent(b.table.phaseOf(sid))
	b.mu.Unlock()
	var known calllog.Call
	var err error
	if here {
		var ceded bool
		if known, ceded = b.cededBefore(sid, away); !ceded {
			return head
		}
	} else {
		known, err = b.bySID(b.ctx, sid)
	}
	if err == nil && known.Outcome == "" && known.Instance != b.cfg.Instance {
		known, err = b.takeOver(b.ctx, known)
	}
	switch {
	case err == nil, errors.Is(err, calllog.ErrClaimed):
		head = known
	case !errors.Is(err, calllog.ErrNotFound): // it may be another's: the stream is here
		head.Epoch = unknownEpoch(time.Now())
	}
	head.Instance = b.cfg.Instance
	return head
}

// cededBefore lets go of a call that is here, and that another instance has claimed. It is false
// if none has, as far as is known.
func (b *Switchboard) cededBefore(sid carrier.CallID, away bool) (calllog.Call, bool) {
	if away {
		return calllog.Call{}, false
	}
	ctx, cancel := context.WithTimeout(b.ctx, askWait)
	defer cancel()
	known, err := b.cfg.Store.BySID(ctx, string(sid))
	return known, err == nil && known.Instance != b.cfg.Instance && b.cede(known.ID, known.Epoch)
}

// bySID reads what is written of a call, with the lines, so that none is written over.
func (b *Switchboard) bySID(ctx context.Context, sid carrier.CallID) (calllog.Call, error) {
	return b.lookUp(ctx, func(ctx context.Context) (calllog.Call, error) {
		head, err := b.cfg.Store.BySID(ctx, string(sid))
		if err == nil {
			head, err = b.cfg.Store.Get(ctx, head.ID)
		}
		return head, err
	})
}

// lookUp reads what another instance wrote down of a call. News from Twilio may
// come before that has reached the database.
func (b *Switchboard) lookUp(ctx context.Context, get func(context.Context) (calllog.Call, error)) (calllog.Call, error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	for late := time.Now().Add(findWait); ; {
		head, err := get(ctx)
		if !errors.Is(err, calllog.ErrNotFound) || time.Now().After(late) {
			return head, err
		}
		select {
		case <-time.After(findEvery):
		case <-ctx.Done():
			return head, err
		}
	}
}
