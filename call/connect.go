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
	l.stream.started = started
	b.carry(l, line, streams)
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

// carry runs a call on a stream and takes its end.
func (b *Switchboard) carry(l *live, line carrier.Line, streams int) {
	c := l.call
	out := c.run(line)
	b.mu.Lock()
	closing := b.ctx.Err() != nil
	goesOn := true
	switch {
	case l.e.phase != l: // another instance has claimed it, whatever it ended by
		b.keeper.do(func() {
			c.handOn()
			b.passOnEnd(c.journal.head.ID, l.over)
		})
	case closing || l.over != nil && out.Reason == streamLost: // nobody will ask what to do next
		out = out.final(closing)
		goesOn = !b.table.move(l.e, l, b.over(nil))
	case out.Reason == ceded:
		b.table.move(l.e, l, nil)
		b.keeper.do(c.handOn)
	case out.Reason == streamLost:
		b.park(l, out, streams)
	case out.next == nextTransfer:
		b.putAway(l, out, streams)
	case out.Reason == steppedAway:
		b.stepAway(l, streams, out.digits)
	default:
		goesOn = !b.table.move(l.e, l, b.over(nil))
	}
	close(l.done)
	b.mu.Unlock()
	if !goesOn {
		b.settle(c, out)
	}
}

// final is o, of a call that can't go on as o says.
func (o Outcome) final(closing bool) Outcome {
	switch {
	case o.Reason == streamLost:
		o.Reason = CallerHungUp
	case o.Reason == steppedAway && closing:
		return Outcome{Reason: Drained, Err: ErrShutdown}
	case o.next == nextTransfer:
		return o.unwatched()
	}
	return o
}
