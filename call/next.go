package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the time between a stream's end and Twilio's question.
const (
	nextLife     = 10 * time.Minute // an answer is kept
	backLife     = 30 * time.Second // one is kept after which the call may come back
	farewellWait = 5 * time.Second  // a service that stops stays to give it
	endWait      = 3 * time.Second  // for a dead stream's end: a write to it takes two
)

var (
	errStreams    = errors.New("call: too many streams were lost")
	errStreamOver = errors.New("call: the carrier left the stream without closing it")
)

// prepared is a step that waits to be asked for.
type prepared struct {
	step    carrier.Step
	expires time.Time
	asked   bool
	back    bool // the call may come back: then it must not be followed again
}

// announce prepares what a call follows when its stream is closed. Twilio asks
// any instance.
func (b *Switchboard) announce(c *Call, out Outcome) {
	if out.Reason == CallerHungUp || out.Reason == streamLost || out.Reason == ceded {
		return
	}
	sid := carrier.CallID(c.journal.head.TwilioCallSID)
	step := b.follows(c, out)
	now := time.Now()
	d := &prepared{step: step, expires: now.Add(nextLife)}
	if out.next == nextTransfer || out.next == nextDigits {
		d.back, d.expires = true, now.Add(backLife)
	}
	b.mu.Lock()
	e := b.table.of(sid)
	here := e != nil && callIn(e.phase) == c // else another instance has claimed it meanwhile
	if here {
		e.next = d
	}
	b.mu.Unlock()
	// Whom nothing was left for is hung up anyway; some may not be kept until the
	// database has heard that.
	if out.Reason == OptedOut || errors.Is(out.Err, errRevoked) {
		b.hangUpAside(sid)
	}
	if here {
		b.setNext(sid, step)
	}
}

// setNext tells the other instances what a call follows.
func (b *Switchboard) setNext(sid carrier.CallID, s carrier.Step) {
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	if err := b.cfg.Shared.SetNext(ctx, sid, s); err != nil {
		b.cfg.Logger.Warn().Err(err).Msg("next step not shared: only this instance has it")
	}
}

// follows is what a call follows when its stream is left.
func (b *Switchboard) follows(c *Call, out Outcome) carrier.Step {
	switch out.next {
	case nextTransfer:
		return b.transferStep(c, out.hand)
	case nextDigits:
		return b.connect(carrier.CallID(c.journal.head.TwilioCallSID), c.profile, out.digits)
	}
	return c.profile.after(out.next, &c.journal.head)
}

// after is what follows at a call's end.
func (p *Profile) after(n next, head *calllog.Call) carrier.Step {
	switch {
	case n == nextHangUp:
		return carrier.HangUp{}
	case n == nextMessage:
		return message(p, head.Order)
	case head.Direction == calllog.Outbound:
		// Nobody called us: there is nothing to fall back to. Before the opening was
		// heard no other voice may speak.
		if o := head.Opening; o == nil || !o.Complete {
			return carrier.HangUp{}
		}
		return carrier.Say{Text: sayTrouble}
	}
	if p.Fallback == (Fallback{}) {
		return carrier.Say{Text: sayFallback}
	}
	return p.Fallback.step()
}

// Next says what a call follows after its stream: what was prepared when the
// stream was closed; another stream, if the last one was lost or never came up;
// or the end. After it was put through it is that, or its agent again.
func (b *Switchboard) Next(ctx context.Context, v carrier.Incoming) carrier.Step {
	if v.Transfer != "" {
		return b.afterDial(ctx, v)
	}
	sid := v.Call
	b.awaitEnd(ctx, sid)
	if s, found := b.prepared(sid, false); found {
		return s
	}
	if s, found := b.preparedElsewhere(ctx, sid); found {
		return s
	}
	b.endStream(ctx, sid)
	if s, found := b.restreamed(sid); found {
		return s
	}
	if s, found := b.prepared(sid, true); found {
		return s
	}
	if s, found := b.takeNext(ctx, sid); found {
		return s
	}
	if s, found := b.restreamOther(ctx, v); found {
		return s
	}
	return carrier.HangUp{}
}

// restreamed is what a call that is here follows that has lost its stream, or never had one: another,
// or the fallback.
func (b *Switchboard) restreamed(sid carrier.CallID) (carrier.Step, bool) {
	w, lost := b.restream(sid)
	switch {
	case w != nil:
		return b.connect(sid, w.call.profile, ""), true
	case lost != nil:
		b.cfg.Logger.Warn().Str("call_sid", string(sid)).Msg("too many streams lost; ending call")
		b.settle(lost, Outcome{Reason: Failed, Err: errStreams})
		return lost.profile.after(nextFallback, &lost.journal.head), true
	}
	return nil, false
}

// takeNext is what another instance prepared.
func (b *Switchboard) takeNext(ctx context.Context, sid carrier.CallID) (carrier.Step, bool) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	s, found, err := b.cfg.Shared.TakeNext(ctx, sid)
	if err != nil {
		b.cfg.Logger.Warn().Err(err).Msg("next step lookup failed")
	}
	return s, found && err == nil
}

// preparedElsewhere is what another instance prepared for a call that waits here, since it
// was announced here, and whose stream went there.
func (b *Switchboard) preparedElsewhere(ctx context.Context, sid carrier.CallID) (carrier.Step, bool) {
	b.mu.Lock()
	w := waits(b.table.phaseOf(sid))
	b.mu.Unlock()
	if w == nil || !b.elsewhere(w.call.journal.head.ID) {
		return nil, false
	}
	s, found := b.takeNext(ctx, sid)
	if found {
		b.dropWaiting(w)
	}
	return s, found
}

// prepared is what was prepared when a stream was closed. Before it was asked for nothing
// else can be meant; again, it is for who asks twice.
func (b *Switchboard) prepared(sid carrier.CallID, again bool) (carrier.Step, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.table.of(sid)
	if e == nil || e.next == nil || e.next.asked != again || !time.Now().Before(e.next.expires) {
		return nil, false
	}
	d := e.next
	if !d.asked {
		d.asked = true
		b.table.wake()
		if d.back { // nobody else may find it, later
			b.keeper.do(func() { b.forgetNext(sid) })
		}
	}
	return d.step, true
}

// forgetNext takes away what the instances share of what a call follows.
func (b *Switchboard) forgetNext(sid carrier.CallID) {
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	if _, _, err := b.cfg.Shared.TakeNext(ctx, sid); err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call_sid", string(sid)).Msg("next step not removed")
	}
}

// restream makes a call that has lost its stream, or never had one, wait for
// another. Instead of the fifth it returns the call, which has to end.
func (b *Switchboard) restream(sid carrier.CallID) (w *waiting, lost *Call) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.table.of(sid)
	if e == nil {
		return nil, nil
	}
	if p, ok := e.phase.(*reconnecting); ok {
		if p.streams >= streamsMax {
			b.table.move(e, p, b.over(nil))
			return nil, p.call
		}
		w = b.again(e, p.call, p.streams)
		w.call.journal.event(calllog.EventStreamLost, noteStreamLost, time.Now())
		return w, nil
	}
	if w = waits(e.phase); w == nil {
		return nil, nil
	}
	if w.streams++; w.streams >= streamsMax {
		b.table.move(e, e.phase, b.over(nil))
		b.wg.Go(w.stream.abandon)
		return nil, w.call
	}
	if _, late := e.phase.(overdue); late {
		w = b.again(e, w.call, w.streams)
	}
	return w, nil
}

// farewells waits a moment until Twilio has asked for what was prepared: with
// the service gone, nobody would answer, and the caller be cut off.
func (b *Switchboard) farewells() {
	patience := time.After(farewellWait)
	for {
		b.mu.Lock()
		unasked, changed := 0, b.table.changed
		for _, e := range b.table.all() {
			if e.next != nil && !e.next.asked {
				unasked++
			}
		}
		b.mu.Unlock()
		if unasked == 0 {
			return
		}
		select {
		case <-changed:
		case <-patience:
			return
		}
	}
}

// endStream ends a stream that Twilio has left and that still looks alive: its question is the
// proof.
func (b *Switchboard) endStream(ctx context.Context, sid carrier.CallID) {
	b.mu.Lock()
	l, talks := b.table.phaseOf(sid).(*live)
	b.mu.Unlock()
	if !talks {
		return
	}
	l.stream.end(errStreamOver)
	select {
	case <-l.done:
	case <-time.After(endWait):
	case <-ctx.Done():
	}
}

// awaitEnd waits a moment for a call whose stream Twilio has already left: its
// question may overtake the news.
func (b *Switchboard) awaitEnd(ctx context.Context, sid carrier.CallID) {
	b.mu.Lock()
	l, talks := b.table.phaseOf(sid).(*live)
	b.mu.Unlock()
	if !talks {
		return
	}
	select {
	case <-l.done:
	case <-time.After(time.Second):
	case <-ctx.Done():
	}
}
