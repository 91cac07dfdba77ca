package call

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Bounds of the time in which a call has no stream.
const (
	streamWait = 10 * time.Second // the agent waits so long for the stream
	parkWait   = 4 * time.Second  // so long may Twilio take to ask on after a stream was lost
	streamsMax = 4                // streams of one call, the first among them
)

var errNoStream = errors.New("call: no stream arrived")

// waiting is a call that was announced and has no stream yet.
type waiting struct {
	call    *Call
	gone    bool // its agent was let go
	streams int  // that the call has had, or was announced, before
	timer   *time.Timer
}

// parked is a call whose stream was lost without a word. Twilio may ask what
// comes next; then it goes on with another stream.
type parked struct {
	call    *Call
	out     Outcome
	streams int
	timer   *time.Timer
}

// wait makes a call wait for its stream, its agent dialled. With old it goes on
// where another left off. b.mu is held.
func (b *Switchboard) wait(sid carrier.CallID, p *Profile, head calllog.Call, old *Call, streams int) *waiting {
	log := b.cfg.Logger.With().Str("call", head.ID).Str("call_sid", string(sid)).Str("agent", p.Name).Logger()
	written, past := lines(head), head.Entries
	head.Entries = nil
	c := newCall(b.ctx, p, b.cfg.Limits, head, b.cfg.Log, b.cfg.Metrics, log, b.lookBack(head, past, p))
	c.journal.seq = written
	c.recall(past)
	c.announce, c.recordings = b.announce, b.cfg.Recordings
	c.dossier = b.dossier(head, p)
	if old != nil {
		c.inherit(old)
	}
	c.journal.save()
	w := &waiting{call: c, streams: streams}
	w.timer = time.AfterFunc(streamWait, func() { b.letGo(sid, w) })
	b.waiting[sid] = w
	b.cfg.Metrics.live.Set(float64(b.busy()))
	return w
}

// lines is how many lines of a call are written, as far as its head shows.
func lines(head calllog.Call) int {
	if n := len(head.Entries); n > 0 {
		return max(n, head.Entries[n-1].Seq)
	}
	return 0
}

// stepAway makes a call wait for the stream that follows the keys it presses. b.mu is
// held.
func (b *Switchboard) stepAway(sid carrier.CallID, c *Call, streams int, digits string) {
	w := b.again(sid, c, streams-1) // leaving on purpose is no lost stream
	w.timer.Reset(streamWait + pressTime(digits))
}

// again makes a call wait for another stream. b.mu is held.
func (b *Switchboard) again(sid carrier.CallID, old *Call, streams int) *waiting {
	old.journal.head = revived(old.journal.head)
	return b.wait(sid, old.profile, old.journal.head, old, streams)
}

// revived is the head of a call that goes on, also if it was taken for failed.
func revived(head calllog.Call) calllog.Call {
	if head.Outcome == "" {
		return head
	}
	head.Outcome, head.EndedAt, head.Status = "", nil, calllog.StatusRinging
	if head.AnsweredAt != nil {
		head.Status = calllog.StatusInProgress
	}
	return head
}

// letGo closes the agent of a call whose stream does not come, once the log has it that the
// call failed. A stream that comes after all takes the call up again, as long as its token is
// good.
func (b *Switchboard) letGo(sid carrier.CallID, w *waiting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[sid] != w || w.gone || b.ctx.Err() != nil {
		return
	}
	w.gone = true
	w.timer = time.AfterFunc(tokenLife-streamWait, func() { b.forget(sid, w, Outcome{Reason: Failed, Err: errNoStream}) })
	b.ended()
	w.call.journal.failed(time.Now())
	b.wg.Go(func() {
		b.written()
		w.call.abandon()
	})
}

// written waits a moment until the log has what happened. With the database away it is on disk.
func (b *Switchboard) written() {
	ctx, cancel := context.WithTimeout(context.Background(), flushWait)
	defer cancel()
	_ = b.cfg.Log.Flush(ctx)
}

// waitsNoMore takes a call from those that wait; false if it was not among them any more.
func (b *Switchboard) waitsNoMore(sid carrier.CallID, w *waiting) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting[sid] != w {
		return false
	}
	delete(b.waiting, sid)
	w.timer.Stop()
	b.ended()
	return true
}

// forget ends a call that never had a stream.
func (b *Switchboard) forget(sid carrier.CallID, w *waiting, out Outcome) {
	if !b.waitsNoMore(sid, w) {
		return
	}
	if b.elsewhere(w.call.journal.head.ID) { // its stream went to another instance
		w.call.abandon()
		w.call.handOn()
		return
	}
	b.settle(sid, w.call, out)
	b.written()
	w.call.abandon()
}

// dropWaiting gives up a call whose stream went to another instance.
func (b *Switchboard) dropWaiting(sid carrier.CallID, w *waiting) {
	if b.waitsNoMore(sid, w) {
		b.mu.Lock()
		delete(b.next, sid) // it was followed: there is another line
		b.ended()
		b.mu.Unlock()
		b.keeper.do(func() { // its agent has to say goodbye
			w.call.abandon()
			w.call.handOn()
		})
	}
}

// elsewhere tells whether the log has it that another instance carries a call.
func (b *Switchboard) elsewhere(id string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), askWait)
	defer cancel()
	head, err := b.cfg.Store.Get(ctx, id)
	return err == nil && head.Instance != b.cfg.Instance
}

// park keeps a call whose stream was lost. b.mu is held.
func (b *Switchboard) park(sid carrier.CallID, c *Call, out Outcome, streams int) {
	p := &parked{call: c, out: out, streams: streams}
	p.timer = time.AfterFunc(parkWait, func() { b.giveUp(sid, p, Outcome{Reason: CallerHungUp, Err: out.Err}) })
	b.parked[sid] = p
}

// unpark takes a parked call out, if it is still there. b.mu is held.
func (b *Switchboard) unpark(sid carrier.CallID, p *parked) bool {
	if p == nil || b.parked[sid] != p {
		return false
	}
	delete(b.parked, sid)
	p.timer.Stop()
	return true
}

// giveUp ends a parked call.
func (b *Switchboard) giveUp(sid carrier.CallID, p *parked, out Outcome) {
	b.mu.Lock()
	mine := b.unpark(sid, p)
	if mine {
		b.ended()
	}
	b.mu.Unlock()
	if mine {
		b.settle(sid, p.call, out)
	}
}

// settle writes a call's outcome and remembers that it is over: a token that
// was never used must not open it again.
func (b *Switchboard) settle(sid carrier.CallID, c *Call, out Outcome) {
	now := time.Now()
	b.mu.Lock()
	for s, until := range b.over {
		if now.After(until) {
			delete(b.over, s)
		}
	}
	b.over[sid] = now.Add(tokenLife)
	if head := &c.journal.head; head.Direction == calllog.Outbound {
		b.close(head.ID, nil)
	}
	if c.decided != nil {
		out = *c.decided
	}
	b.mu.Unlock()
	c.settle(out, now)
	if !c.counted {
		b.conclude(c.journal.head, out, figures{c.begun, c.amd.Machine()})
	}
}

// close remembers that a placed call is over, until nobody tells of it any more.
// b.mu is held.
func (b *Switchboard) close(id string, p *placed) {
	now := time.Now()
	for x, c := range b.closed {
		if now.After(c.until) {
			delete(b.closed, x)
		}
	}
	b.closed[id] = closed{p, now.Add(nextLife)}
}

// abandonAll ends what has no stream, at the service's end.
func (b *Switchboard) abandonAll() {
	b.mu.Lock()
	waits, parks, rings, aways := maps.Clone(b.waiting), maps.Clone(b.parked), maps.Clone(b.placed), maps.Clone(b.away)
	b.mu.Unlock()
	for _, p := range rings {
		b.dropPlaced(p, Outcome{Reason: Drained, Err: ErrShutdown})
	}
	var ending sync.WaitGroup
	for sid, w := range waits {
		ending.Go(func() { b.forget(sid, w, Outcome{Reason: Drained, Err: ErrShutdown}) })
	}
	for sid, p := range parks {
		ending.Go(func() { b.giveUp(sid, p, Outcome{Reason: Drained, Err: ErrShutdown}) })
	}
	for sid, a := range aways {
		out := a.out
		out = out.unwatched()
		ending.Go(func() { b.endAway(sid, a, out) })
	}
	ending.Wait()
}
