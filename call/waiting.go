package call

import (
	"context"
	"errors"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// Bounds of the time in which a call has no stream.
const (
	streamWait = 10 * time.Second // the agent waits so long for the stream
	parkWait   = 4 * time.Second  // so long may the carrier take to ask on after a stream was lost
	streamsMax = 4                // streams of one call, the first among them
)

var errNoStream = errors.New("call: no stream arrived")

// waiting is a call that was announced and has no stream yet.
type waiting struct {
	e       *entry
	call    *Call
	stream  *stream // that it waits with: the call may have another when this one is given up
	streams int     // that the call has had, or was announced, before
}

// wait makes a call wait for its stream, its agent dialed. With old that call goes on, of which another instance may
// have written since: head is what the log has of it. b.mu is held.
func (b *Switchboard) wait(e *entry, p *Profile, head calllog.Call, old *Call, streams int) *waiting {
	b.table.identify(e, head.ID)
	past := readHandoff(&head)
	head.Entries = nil
	look := b.lookBack(head, past.continues, p)
	c := old
	if c == nil {
		log := b.cfg.Logger.With().Str("call", head.ID).Str("call_sid", string(e.sid)).Str("agent", p.Name).Logger()
		c = newCall(b.ctx, p, b.cfg.Limits, head, b.cfg.Log, b.cfg.Metrics, log, look)
		c.announce, c.recordings = b.announce, b.cfg.Recordings
	} else {
		c.journal.head = head
		c.nextStream(b.ctx, look)
	}
	c.restore(past)
	c.dossier = b.dossier(head, c.profile)
	w := newWaiting(e, c, streams)
	b.await(w, awaiting{w}, streamWait)
	return w
}

// again makes a call wait for another stream. b.mu is held.
func (b *Switchboard) again(e *entry, c *Call, streams int) *waiting {
	c.nextStream(b.ctx, b.lookBack(c.journal.head, false, c.profile))
	w := newWaiting(e, c, streams)
	b.await(w, awaiting{w}, streamWait)
	return w
}

// stepAway makes a call wait for the stream that follows the keys it presses. b.mu is
// held.
func (b *Switchboard) stepAway(l *live, streams int, digits string) {
	l.call.nextStream(b.ctx, b.lookBack(l.call.journal.head, false, l.call.profile))
	w := newWaiting(l.e, l.call, streams-1) // leaving on purpose is no lost stream
	b.await(w, sendingDigits{w}, streamWait+builtin.PressTime(digits))
}

func newWaiting(e *entry, c *Call, streams int) *waiting {
	c.journal.save()
	return &waiting{e: e, call: c, stream: c.stream, streams: streams}
}

// await gives a call so long for its stream. Whoever calls it has seen that the call's phase allows it: else its agent
// is let go. b.mu is held.
func (b *Switchboard) await(w *waiting, as phase, most time.Duration) {
	if !b.table.move(w.e, w.e.phase, as) {
		w.call.log.Error().Msg("internal error: call can't wait for a stream")
		b.wg.Go(w.stream.abandon)
		return
	}
	w.e.timer = time.AfterFunc(most, func() { b.letGo(w) })
}

// lines is how many lines of a call are written, as far as its head shows.
func lines(head calllog.Call) int {
	if n := len(head.Entries); n > 0 {
		return max(n, head.Entries[n-1].Seq)
	}
	return 0
}

// letGo closes the agent of a call whose stream does not come, once the log has it that the
// call failed. A stream that comes after all takes the call up again, as long as its token is
// good.
func (b *Switchboard) letGo(w *waiting) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ctx.Err() != nil || waits(w.e.phase) != w || !b.table.move(w.e, w.e.phase, overdue{w}) {
		return
	}
	w.e.timer = time.AfterFunc(tokenLife-streamWait, func() { b.forget(w, Outcome{Reason: Failed, Err: errNoStream}) })
	w.call.journal.failed(time.Now())
	b.wg.Go(func() {
		b.written()
		w.stream.abandon()
	})
}

// written waits a moment until the log has what happened. With the database away it is on disk.
func (b *Switchboard) written() {
	ctx, cancel := context.WithTimeout(context.Background(), flushWait)
	defer cancel()
	_ = b.cfg.Log.Flush(ctx)
}

// waitsNoMore ends a call that waits for its stream, or takes it out of the table if it goes on elsewhere; false if
// it does not wait any more.
func (b *Switchboard) waitsNoMore(w *waiting, to phase) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return waits(w.e.phase) == w && b.table.move(w.e, w.e.phase, to)
}

// forget ends a call that never had a stream. It is true of one that goes on elsewhere.
func (b *Switchboard) forget(w *waiting, out Outcome) (elsewhere bool) {
	if b.elsewhere(w.call.journal.head.ID) {
		b.dropWaiting(w)
		return true
	}
	if b.waitsNoMore(w, b.over(nil)) {
		b.settle(w.call, out)
		b.written()
		w.stream.abandon()
	}
	return false
}

// dropWaiting gives up a call whose stream went to another instance.
func (b *Switchboard) dropWaiting(w *waiting) {
	if b.waitsNoMore(w, nil) {
		b.keeper.do(func() { // its agent has to say goodbye
			w.stream.abandon()
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
