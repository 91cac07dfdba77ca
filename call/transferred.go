package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of a transfer.
const (
	transferRing = 25 * time.Second          // shorter than most answering machines wait
	awayMost     = 4*time.Hour + time.Minute // Twilio ends a transfer after 4 h
	awayAsk      = time.Hour                 // without news of one: then the carrier is asked
	resultWait   = 5 * time.Second           // for a transfer's result, when the call is over
	transfersMax = 3                         // of one call that nobody took; then the fallback
)

// The notes about a transfer.
const (
	noteNobody    = "nobody took the transfer: "
	noteTaken     = "the transfer was taken"
	noteUnwatched = "the transfer was under way when the bridge stopped watching it"
)

var errTransfers = errors.New("call: nobody took any transfer")

// transferred is a call that was put through. It has no stream and no agent, and no place
// among the live ones. The log has it as transferred from the moment it left, since
// nobody may be there later to say so; if nobody takes it, it comes back to the agent and
// is opened again. Its outcome is counted, and the ledger told, when nothing can change
// it any more.
type transferred struct {
	e       *entry
	call    *Call
	out     Outcome
	streams int  // see waiting
	taken   bool // somebody answered and is joined with the caller
	revoked bool // consent was withdrawn: it must not come back
	until   time.Time
	over    *carrier.Status // the carrier's report that it is over; nil before
}

// putAway keeps a call that was put through. b.mu is held.
func (b *Switchboard) putAway(l *live, out Outcome, streams int) {
	c := l.call
	now := time.Now()
	a := &transferred{e: l.e, call: c, out: out, streams: streams - 1, until: now.Add(awayMost)} // leaving on purpose is no lost stream
	b.table.move(l.e, l, a)
	b.watchAway(a, now)
	h := &c.journal.head
	h.Status, h.Outcome, h.EndedAt = calllog.StatusCompleted, string(out.Reason), &now
	c.journal.save()
	c.log.Info().Str("to", out.hand.Name).Bool("summary", out.hand.summary != "").Msg("call transferred")
}

// watchAway asks the carrier about a call of which nothing was heard for an hour, and ends it when no transfer can last
// longer. b.mu is held.
func (b *Switchboard) watchAway(a *transferred, now time.Time) {
	if left := a.until.Sub(now); left <= awayAsk || b.cfg.Carrier == nil {
		a.e.timer = time.AfterFunc(left, func() { b.endAway(a, a.out.unwatched()) })
		return
	}
	a.e.timer = time.AfterFunc(awayAsk, func() { b.keeper.do(func() { b.askAway(a) }) })
}

// askAway asks the carrier whether a call is over that was put through.
func (b *Switchboard) askAway(a *transferred) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchWait)
	defer cancel()
	now, err := b.cfg.Carrier.Find(ctx, a.e.sid)
	if err == nil && now.State.Terminal() {
		b.overAway(a, carrier.Status{Call: a.e.sid, State: now.State})
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.e.phase == a {
		b.watchAway(a, time.Now())
	}
}

// endAway ends a call that was put through, unless another instance has it back.
func (b *Switchboard) endAway(a *transferred, out Outcome) {
	if b.elsewhere(a.call.journal.head.ID) {
		b.dropAway(a)
		return
	}
	b.mu.Lock()
	mine := b.table.move(a.e, a, b.over(nil))
	b.mu.Unlock()
	if mine {
		b.settle(a.call, out)
	}
}

// dropAway gives up a call that another instance has back.
func (b *Switchboard) dropAway(a *transferred) {
	b.mu.Lock()
	mine, over := b.table.move(a.e, a, nil), a.over
	b.mu.Unlock()
	if mine {
		a.call.handOn()
		b.passOnEnd(a.call.journal.head.ID, over)
	}
}

// away finds a call that was put through here; nil if it was not. b.mu is held.
func (b *Switchboard) away(id string) *transferred {
	if e := b.table.withID(id); e != nil {
		a, _ := e.phase.(*transferred)
		return a
	}
	return nil
}

// overAway takes Twilio's word that a call is over that was put through. Whether
// somebody took it is said by the transfer's result, which may be on its way; without one a
// call that nobody is known to have taken was hung up by the caller.
func (b *Switchboard) overAway(a *transferred, s carrier.Status) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.e.phase != a { // another instance has it back, or it has ended
		b.keeper.do(func() { b.passOn(a.call.journal.head.ID, s) })
		return
	}
	a.over = &s
	a.e.timer.Stop()
	a.e.timer = time.AfterFunc(resultWait, func() {
		b.mu.Lock()
		out := a.out
		if !a.taken {
			out = Outcome{Reason: CallerHungUp}
		}
		b.mu.Unlock()
		b.endAway(a, out)
	})
}

// takenHere notes that somebody took a call that was put through here.
func (b *Switchboard) takenHere(id string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.away(id)
	if a != nil && !a.taken {
		a.taken = true
		a.call.journal.note(noteTaken, time.Now())
	}
	return a != nil
}

// tellOwner gives an order to the instance that has, or had, a call.
func (b *Switchboard) tellOwner(id, verb, text string) {
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	if err := b.cfg.Shared.SendCommand(ctx, id, verb, text); err != nil {
		b.cfg.Logger.Warn().Err(err).Str("call", id).Str("verb", verb).Msg("transfer result not delivered to the call's instance")
	}
}

// earlyAway is an order about a call that was put through here; nil if it is none.
func (b *Switchboard) earlyAway(id, verb, text string) func(context.Context) error {
	b.mu.Lock()
	a := b.away(id)
	b.mu.Unlock()
	if a == nil {
		return nil
	}
	do := func(f func()) func(context.Context) error {
		return func(context.Context) error { f(); return nil }
	}
	switch {
	case verb == verbTakenUp:
		return do(func() { b.takenHere(id) })
	case verb == verbReturned && text != b.cfg.Instance:
		return do(func() { b.dropAway(a) })
	case verb == verbDialEnd:
		out := a.out
		switch text {
		case string(CallerHungUp):
			out = Outcome{Reason: CallerHungUp}
		case string(Failed):
			out = Outcome{Reason: Failed, Err: errRevoked}
		}
		return do(func() { b.endAway(a, out) })
	}
	return nil
}

// tellNobody is what the agent is told when the caller comes back.
func tellNobody(why string) string {
	return "The transfer did not work: " + why + ". The caller is back on the line with you. Say so, and offer to try again or to take a message."
}
