package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the way from an open socket to a call.
const (
	startWait = 5 * time.Second        // for the start message
	askWait   = 2 * time.Second        // for an answer of what the instances share
	findWait  = 500 * time.Millisecond // for what another instance announced to be there
	findEvery = 50 * time.Millisecond
)

var (
	errFormat   = errors.New("the line's audio is not µ-law at 8 kHz")
	errStranger = errors.New("the stream belongs to another account")
	errTwice    = errors.New("the call has a stream already")
	errOver     = errors.New("the call has ended")
	errClosed   = errors.New("the service is shutting down")
)

// Connect takes a line that its carrier has just opened. It returns at
// once; the call runs on its own until it ends. A stream that does not show a
// good token is closed with 1008 and reaches nobody.
func (b *Switchboard) Connect(line carrier.Line) {
	b.mu.Lock()
	closed := b.ctx.Err() != nil
	if !closed { // else Drain may wait no more for what begins now
		b.wg.Go(func() { b.take(line) })
	}
	b.mu.Unlock()
	if closed {
		b.refuse(line, "", errClosed)
	}
}

// take reads a line's start and runs its call.
func (b *Switchboard) take(line carrier.Line) {
	if line.Format() != carrier.Telephony {
		b.refuse(line, "", errFormat)
		return
	}
	start, err := b.awaitStart(line)
	started := time.Now()
	if err != nil {
		b.refuse(line, start.Call, err)
		return
	}
	l, streams, err := b.admit(start)
	if err != nil {
		b.refuse(line, start.Call, err)
		return
	}
	l.call.started = started
	b.carry(start.Call, l, line, streams)
}

func (b *Switchboard) refuse(line carrier.Line, sid carrier.CallID, why error) {
	b.cfg.Metrics.refused.WithLabelValues("stream").Inc()
	b.refusals.Warn().Str("call_sid", string(sid)).Str("why", why.Error()).Msg("media stream refused")
	line.Close(carrier.Refused)
}

// awaitStart reads until the start message. What comes before it is forwarded
// to nobody.
func (b *Switchboard) awaitStart(line carrier.Line) (carrier.Start, error) {
	late := time.AfterFunc(startWait, func() { line.Close(carrier.Refused) })
	defer late.Stop()
	for {
		ev, err := line.Receive(b.ctx)
		if err != nil {
			return carrier.Start{}, errNoStart
		}
		switch ev := ev.(type) {
		case carrier.Start:
			if ev.Call == "" {
				return ev, errTokenWrong
			}
			return ev, nil
		case *carrier.Media:
			ev.Release()
		default: // connected, and what nobody may send yet
		}
	}
}

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
	_, over := b.over[start.Call]
	switch {
	case b.live[start.Call] != nil:
		return nil, 0, errTwice
	case over || head.Outcome != "":
		return nil, 0, errOver
	case b.ctx.Err() != nil:
		return nil, 0, errClosed
	}
	delete(b.next, start.Call) // of the stream that it had before
	w := b.waiting[start.Call]
	if a := b.away[start.Call]; a != nil { // another instance took it back
		if head.ID != a.call.journal.head.ID || !b.takeAway(start.Call, a) {
			return nil, 0, errOver
		}
		w = b.wait(start.Call, profile, head, a.call, 0)
	}
	if p := b.parked[start.Call]; b.unpark(start.Call, p) {
		w = b.again(start.Call, p.call, p.streams)
	}
	switch {
	case w == nil: // announced to another instance
		w = b.wait(start.Call, profile, head, nil, 0)
	case w.gone:
		w.timer.Stop()
		w = b.again(start.Call, w.call, w.streams)
	}
	w.timer.Stop()
	delete(b.waiting, start.Call)
	l := &live{call: w.call, done: make(chan struct{})}
	b.live[start.Call] = l
	b.cfg.Metrics.live.Set(float64(b.busy()))
	return l, w.streams + 1, nil
}

// isOver tells whether a call has ended here a moment ago.
func (b *Switchboard) isOver(sid carrier.CallID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, over := b.over[sid]
	return over
}

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
	here := b.waiting[sid] != nil || b.parked[sid] != nil || b.live[sid] != nil
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

// carry runs a call on a stream and takes its end.
func (b *Switchboard) carry(sid carrier.CallID, l *live, line carrier.Line, streams int) {
	c := l.call
	out := c.run(line)
	b.mu.Lock()
	if b.live[sid] == l { // else it was ceded
		delete(b.live, sid)
	}
	kept := b.ctx.Err() == nil
	if l.ceded { // whatever it ended by
		out.Reason = ceded
	}
	switch {
	case !kept:
	case out.Reason == ceded:
		b.keeper.do(c.handOn)
	case out.Reason == streamLost && l.over: // nobody will ask what to do next
		kept = false
	case out.Reason == streamLost:
		b.park(sid, c, out, streams)
	case out.next == nextTransfer:
		b.putAway(sid, c, out, streams)
	case out.Reason == steppedAway:
		b.stepAway(sid, c, streams, out.digits)
	default:
		kept = false
	}
	b.ended()
	close(l.done)
	b.mu.Unlock()
	if kept {
		return
	}
	switch {
	case out.Reason == ceded:
		c.handOn()
		return
	case out.Reason == streamLost:
		out.Reason = CallerHungUp
	case out.Reason == steppedAway:
		out = Outcome{Reason: Drained, Err: ErrShutdown}
	case out.next == nextTransfer:
		out = out.unwatched()
	}
	b.settle(sid, c, out)
}
