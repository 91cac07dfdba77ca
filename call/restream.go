package call

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the question to the instance that has a call.
const (
	ownerWait  = 600 * time.Millisecond // the caller hears nothing meanwhile
	ownerEvery = 15 * time.Millisecond
)

const noteStreamLost = "the stream was lost; the call goes on with another"

// restreamOther gives a call that is not here another stream, here: Twilio's question is the
// proof that the last one is over, whatever the instance believes that had it. It is false of a
// call that is over, or that must not go on.
func (b *Switchboard) restreamOther(ctx context.Context, v carrier.Incoming) (carrier.Step, bool) {
	b.mu.Lock()
	_, over := b.table.phaseOf(v.Call).(*ended)
	b.mu.Unlock()
	if over || v.State.Terminal() {
		return nil, false
	}
	log := b.cfg.Logger.With().Str("call_sid", string(v.Call)).Logger()
	under := b.beginAsking(b.idOf(v.Call), v.Call)
	defer b.endAsking(under)
	head, err := b.bySID(ctx, v.Call)
	streams := 1
	for _, e := range head.Entries {
		if e.Event == calllog.EventStreamLost {
			streams++
		}
	}
	if err == nil && head.Outcome == "" && head.Instance != b.cfg.Instance {
		// What is claimed has to be ended here: so all that forbids it is asked before.
		if b.cfg.Profiles[head.Agent] == nil || streams >= streamsMax || b.ctx.Err() != nil || !b.mayGoOn(ctx, head) {
			log.Warn().Int("streams", streams).Msg("call lost its stream at another instance and can't continue here")
			return nil, false
		}
		if s, found := b.askOwner(ctx, head.ID, v.Call); found {
			return s, true
		}
		head, err = b.takeOver(ctx, head)
	}
	profile := b.cfg.Profiles[head.Agent]
	switch {
	case errors.Is(err, calllog.ErrNotFound):
		return nil, false
	case errors.Is(err, calllog.ErrClaimed):
		if head.Outcome != "" || profile == nil {
			return nil, false
		}
		return b.connect(v.Call, profile, ""), true // whoever has claimed it lets go as soon as it comes
	case err != nil:
		log.Warn().Err(err).Msg("call's owner unavailable; giving the call another stream")
		return b.restreamUnknown(v)
	case head.Outcome != "" || profile == nil:
		return nil, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() != nil {
		return nil, false
	}
	if e := b.table.entry(head.ID, v.Call); !known(e.phase) {
		w := b.wait(e, profile, head, nil, streams)
		w.call.journal.event(calllog.EventStreamLost, noteStreamLost, time.Now())
		if b.overMeanwhile(under, w) {
			return carrier.HangUp{}, true
		}
	}
	return b.connect(v.Call, profile, ""), true
}

// askOwner has the instance that has a call give it another stream, with all that it knows of the
// call. It is false if nobody answers in time: that instance is gone, or has let go of the call.
func (b *Switchboard) askOwner(ctx context.Context, id string, sid carrier.CallID) (carrier.Step, bool) {
	b.tellOwner(id, verbStreamOver, "")
	ctx, cancel := context.WithTimeout(ctx, b.ownerWait)
	defer cancel()
	for ctx.Err() == nil {
		s, found, err := b.cfg.Shared.TakeNext(ctx, sid)
		if found && err == nil {
			return s, true
		}
		select {
		case <-time.After(ownerEvery):
		case <-ctx.Done():
		}
	}
	return nil, false
}

// restreamFor gives a call that is here another stream, for the instance that was asked about it.
// It is false if the call is not here.
func (b *Switchboard) restreamFor(id string) bool {
	b.mu.Lock()
	e := b.table.withID(id)
	here := e != nil && hasAgent(e.phase)
	var sid carrier.CallID
	if here {
		sid = e.sid
	}
	b.mu.Unlock()
	if here { // whoever passes commands on must not wait
		b.keeper.do(func() {
			b.endStream(b.ctx, sid)
			if s, found := b.restreamed(sid); found {
				b.setNext(sid, s)
			}
		})
	}
	return here
}

// restreamUnknown gives a call that came in another stream while the database is away. Of one
// that we placed nobody knows then whether it may go on. Once: it may have been the end, which
// only the instance that had the call can say.
func (b *Switchboard) restreamUnknown(v carrier.Incoming) (carrier.Step, bool) {
	profile := b.cfg.Profiles[b.cfg.Numbers[string(v.To)]]
	if !v.Inbound || profile == nil {
		return nil, false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.table.entry(b.idOf(v.Call), v.Call)
	if b.ctx.Err() != nil || !b.table.move(e, e.phase, &unconfirmed{until: time.Now().Add(tokenLife)}) {
		return nil, false
	}
	return b.connect(v.Call, profile, ""), true
}

// mayGoOn tells whether a call may go on at another instance than the one that had it: of one
// that we placed the gate is asked again, since consent may have been withdrawn while nobody held
// the call.
func (b *Switchboard) mayGoOn(ctx context.Context, head calllog.Call) bool {
	if head.Direction != calllog.Outbound {
		return true
	}
	profile := b.cfg.Profiles[head.Agent]
	if b.keeper.gate == nil || profile == nil {
		return false
	}
	d := b.dossier(head, profile)
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	if !d.known() {
		return false
	}
	_, err := b.cfg.Gate.Recheck(ctx, d.request)
	return err == nil && !slices.ContainsFunc(head.Entries, withdrawnIn)
}

// withdrawnIn tells whether a line says that consent was withdrawn.
func withdrawnIn(e calllog.Entry) bool { return e.Event == calllog.EventConsentWithdrawn }
