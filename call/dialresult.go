package call

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// nobodyBecause is why nobody took a call that was put through, in words for the agent and
// the log, or "" if somebody did.
func nobodyBecause(r carrier.TransferResult) string {
	switch r {
	case carrier.TransferTaken:
		return ""
	case carrier.TransferNotAccepted:
		return "the call was answered and not accepted"
	case carrier.TransferBusy:
		return "the line is busy"
	case carrier.TransferNoAnswer:
		return "there was no answer"
	case carrier.TransferCanceled:
		return "the call was canceled before anybody answered"
	}
	return "the number could not be reached"
}

// afterDial says what a call follows after it was put through: the end, if somebody took
// it; else another stream, to the agent, with the context it had. Twilio asks any instance.
func (b *Switchboard) afterDial(ctx context.Context, v carrier.Incoming) carrier.Step {
	why := nobodyBecause(v.Transfer)
	b.mu.Lock()
	p := b.table.phaseOf(v.Call)
	b.mu.Unlock()
	a, put := p.(*transferred)
	w := waits(p)
	_, over := p.(*ended)
	switch {
	case put:
		return b.resultHere(ctx, v, a, why)
	case w != nil && b.elsewhere(w.call.journal.head.ID):
		b.dropWaiting(w)
	case w != nil: // asked again
		return b.connect(v.Call, w.call.profile, "")
	case over:
		return carrier.HangUp{}
	}
	return b.resultElsewhere(ctx, v, why)
}

// resultHere takes the result of a call that was put through by this instance.
func (b *Switchboard) resultHere(ctx context.Context, v carrier.Incoming, a *transferred, why string) carrier.Step {
	sid, c := v.Call, a.call
	out, failed := a.out, why != ""
	b.mu.Lock()
	lastTime := c.refusals+1 >= transfersMax
	switch {
	case !failed:
		out.next = nextHangUp
	case v.State.Terminal():
		out = Outcome{Reason: CallerHungUp}.refused(why)
	case a.revoked:
		out = Outcome{Reason: Failed, Err: errRevoked}
	case lastTime:
		out = Outcome{Reason: Failed, Err: errTransfers, next: nextFallback}.refused(why)
	case b.ctx.Err() != nil:
		out = Outcome{Reason: Drained, Err: ErrShutdown, next: nextFallback}.refused(why)
	case a.e.phase == a:
		w := b.comeBack(a.e, c.profile, c.journal.head, c, a.streams, why)
		b.mu.Unlock()
		b.flush(ctx)
		return b.connect(sid, w.call.profile, "")
	}
	b.mu.Unlock()
	follows := c.profile.after(out.next, &c.journal.head)
	b.keeper.do(func() { b.endAway(a, out) }) // it asks the database
	return follows
}

// comeBack makes a call that nobody took wait for another stream, open as it was. b.mu
// is held.
func (b *Switchboard) comeBack(e *entry, p *Profile, head calllog.Call, old *Call, streams int, why string) *waiting {
	head.Status, head.Outcome, head.EndedAt, head.Instance = calllog.StatusInProgress, "", nil, b.cfg.Instance
	e.next = nil
	w := b.wait(e, p, head, old, streams)
	c := w.call
	c.journal.add(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventTransferFailed, Text: noteNobody + why, Result: why}, time.Now())
	c.refusals++
	c.pendingMessages = append(c.pendingMessages, tellNobody(why))
	c.log.Info().Str("why", why).Msg("transfer not answered; resuming with the agent")
	return w
}

// resultElsewhere takes the result of a call that another instance put through, which
// may be gone.
func (b *Switchboard) resultElsewhere(ctx context.Context, v carrier.Incoming, why string) carrier.Step {
	log := b.cfg.Logger.With().Str("call_sid", string(v.Call)).Logger()
	under := b.beginAsking(b.idOf(v.Call), v.Call)
	defer b.endAsking(under)
	head, err := b.bySID(ctx, v.Call)
	profile := b.cfg.Profiles[head.Agent]
	if err != nil || profile == nil || head.Outcome != "" && head.Outcome != string(Transferred) {
		log.Warn().Err(err).Msg("transfer result for an unknown or finished call; hanging up")
		return carrier.HangUp{}
	}
	revoked := slices.ContainsFunc(head.Entries, withdrawnIn)
	if why == "" || v.State.Terminal() || revoked {
		end := Transferred
		switch {
		case why != "" && v.State.Terminal():
			end = CallerHungUp
		case why != "":
			end = Failed
		}
		b.tellOwner(head.ID, verbDialEnd, string(end))
		return carrier.HangUp{}
	}
	if head.Instance != b.cfg.Instance {
		taken, err := b.takeOver(ctx, head)
		switch {
		case errors.Is(err, calllog.ErrClaimed) && taken.Outcome == "":
			return b.connect(v.Call, profile, "")
		case errors.Is(err, calllog.ErrClaimed):
			return carrier.HangUp{}
		case err != nil:
			taken.Epoch = unknownEpoch(time.Now())
		}
		head = taken
	}
	b.mu.Lock()
	e := b.table.entry(head.ID, v.Call)
	if w := waits(e.phase); w != nil {
		b.mu.Unlock()
		return b.connect(v.Call, w.call.profile, "")
	}
	if b.ctx.Err() != nil || e.phase != nil && e.phase != phase(under) {
		b.mu.Unlock()
		return carrier.HangUp{}
	}
	w := b.comeBack(e, profile, head, nil, 0, why)
	c := w.call
	lastTime := c.refusals >= transfersMax
	over := b.overMeanwhile(under, w)
	b.mu.Unlock()
	if over {
		return carrier.HangUp{}
	}
	b.flush(ctx) // before forget reads there whose the call is
	b.tellOwner(head.ID, verbReturned, b.cfg.Instance)
	if lastTime {
		b.forget(w, Outcome{Reason: Failed, Err: errTransfers})
		return c.profile.after(nextFallback, &c.journal.head)
	}
	return b.connect(v.Call, profile, "")
}

// flush brings a head that was opened again to where other instances look for it: the
// stream may come to any.
func (b *Switchboard) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushWait)
	defer cancel()
	if err := b.cfg.Log.Flush(ctx); err != nil {
		b.cfg.Logger.Warn().Err(err).Msg("call log is behind; only this instance can resume the call after its transfer")
	}
}
