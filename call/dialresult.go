package call

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

// dialResult reads how a <Dial> ended: why nobody took the call, in words for the agent
// and the log, or "".
func dialResult(v twilio.Voice) (why string) {
	switch v.DialStatus {
	case twilio.Completed, twilio.Answered:
		if v.DialBridged == "false" { // they, or their machine, heard who calls and pressed nothing
			return "the call was answered and not accepted"
		}
		return ""
	case twilio.Busy:
		return "the line is busy"
	case twilio.NoAnswer:
		return "there was no answer"
	case twilio.Canceled:
		return "the call was canceled before anybody answered"
	}
	return "the number could not be reached"
}

// afterDial says what a call follows after it was put through: the end, if somebody took
// it; else another stream, to the agent, with the context it had. Twilio asks any instance.
func (b *Switchboard) afterDial(ctx context.Context, v twilio.Voice) (string, error) {
	why := dialResult(v)
	b.mu.Lock()
	a, w := b.away[v.CallSID], b.waiting[v.CallSID]
	_, over := b.over[v.CallSID]
	b.mu.Unlock()
	switch {
	case a != nil:
		return b.resultHere(ctx, v, a, why)
	case w != nil && b.elsewhere(w.call.journal.head.ID):
		b.dropWaiting(v.CallSID, w)
	case w != nil: // asked again
		return b.connect(v.CallSID, w.call.profile, "")
	case over:
		return twiml.Hangup(), nil
	}
	return b.resultElsewhere(ctx, v, why)
}

// resultHere takes the result of a call that was put through by this instance.
func (b *Switchboard) resultHere(ctx context.Context, v twilio.Voice, a *away, why string) (string, error) {
	sid, c := v.CallSID, a.call
	out, failed := a.out, why != ""
	b.mu.Lock()
	lastTime := c.refusals+1 >= transfersMax
	switch {
	case !failed:
		out.next = nextHangUp
	case v.Status.Terminal():
		out = Outcome{Reason: CallerHungUp}.refused(why)
	case a.revoked:
		out = Outcome{Reason: Failed, Err: errRevoked}
	case lastTime:
		out = Outcome{Reason: Failed, Err: errTransfers, next: nextFallback}.refused(why)
	case b.ctx.Err() != nil:
		out = Outcome{Reason: Drained, Err: ErrShutdown, next: nextFallback}.refused(why)
	case b.takeAway(sid, a):
		w := b.comeBack(sid, c.profile, c.journal.head, c, a.streams, why)
		b.mu.Unlock()
		b.flush(ctx)
		return b.connect(sid, w.call.profile, "")
	}
	b.mu.Unlock()
	follows := c.after(out.next)
	b.keeper.do(func() { b.endAway(sid, a, out) }) // it asks the database
	return follows, nil
}

// comeBack makes a call that nobody took wait for another stream, open as it was. b.mu
// is held.
func (b *Switchboard) comeBack(sid twilio.CallSID, p *Profile, head calllog.Call, old *Call, streams int, why string) *waiting {
	head.Status, head.Outcome, head.EndedAt, head.Instance = calllog.StatusInProgress, "", nil, b.cfg.Instance
	delete(b.next, sid)
	w := b.wait(sid, p, head, old, streams)
	c := w.call
	c.journal.add(calllog.Entry{Kind: calllog.KindNote, Event: calllog.EventTransferFailed, Text: noteNobody + why, Result: why}, time.Now())
	c.refusals++
	c.news = append(c.news, tellNobody(why))
	c.log.Info().Str("why", why).Msg("nobody took the transfer; the call goes on with its agent")
	return w
}

// resultElsewhere takes the result of a call that another instance put through, which
// may be gone.
func (b *Switchboard) resultElsewhere(ctx context.Context, v twilio.Voice, why string) (string, error) {
	log := b.cfg.Logger.With().Str("call_sid", string(v.CallSID)).Logger()
	head, err := b.bySID(ctx, v.CallSID)
	profile := b.cfg.Profiles[head.Agent]
	if err != nil || profile == nil || head.Outcome != "" && head.Outcome != string(Transferred) {
		log.Warn().Err(err).Msg("the result of a transfer came for a call that is unknown or over; it is hung up")
		return twiml.Hangup(), nil
	}
	revoked := slices.ContainsFunc(head.Entries, withdrawnIn)
	if why == "" || v.Status.Terminal() || revoked {
		end := Transferred
		switch {
		case why != "" && v.Status.Terminal():
			end = CallerHungUp
		case why != "":
			end = Failed
		}
		b.tellOwner(head.ID, verbDialEnd, string(end))
		return twiml.Hangup(), nil
	}
	if head.Instance != b.cfg.Instance {
		taken, err := b.takeOver(ctx, head)
		switch {
		case errors.Is(err, calllog.ErrClaimed) && taken.Outcome == "":
			return b.connect(v.CallSID, profile, "")
		case errors.Is(err, calllog.ErrClaimed):
			return twiml.Hangup(), nil
		case err != nil:
			taken.Epoch = unknownEpoch(time.Now())
		}
		head = taken
	}
	b.mu.Lock()
	if w := b.waiting[v.CallSID]; w != nil {
		b.mu.Unlock()
		return b.connect(v.CallSID, w.call.profile, "")
	}
	if b.ctx.Err() != nil || b.live[v.CallSID] != nil {
		b.mu.Unlock()
		return twiml.Hangup(), nil
	}
	w := b.comeBack(v.CallSID, profile, head, nil, 0, why)
	c := w.call
	lastTime := c.refusals >= transfersMax
	b.mu.Unlock()
	b.flush(ctx) // before forget reads there whose the call is
	b.tellOwner(head.ID, verbReturned, b.cfg.Instance)
	if lastTime {
		b.forget(v.CallSID, w, Outcome{Reason: Failed, Err: errTransfers})
		return c.after(nextFallback), nil
	}
	return b.connect(v.CallSID, profile, "")
}

// flush brings a head that was opened again to where other instances look for it: the
// stream may come to any.
func (b *Switchboard) flush(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, flushWait)
	defer cancel()
	if err := b.cfg.Log.Flush(ctx); err != nil {
		b.cfg.Logger.Warn().Err(err).Msg("the log is behind: only this instance can take a call back")
	}
}
