package call

import (
	"context"
	"errors"
	"time"

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
	streams int // that the call has had, or was announced, before
}

// wait makes a call wait for its stream, its agent dialed. With old it goes on
// where another left off. b.mu is held.
func (b *Switchboard) wait(e *entry, p *Profile, head calllog.Call, old *Call, streams int) *waiting {
	w := b.newWaiting(e, p, head, old, streams)
	b.await(w, awaiting{w}, streamWait)
	return w
}

// newWaiting makes what wait makes wait. b.mu is held.
func (b *Switchboard) newWaiting(e *entry, p *Profile, head calllog.Call, old *Call, streams int) *waiting {
	b.table.identify(e, head.ID)
	log := b.cfg.Logger.With().Str("call", head.ID).Str("call_sid", string(e.sid)).Str("agent", p.Name).Logger()
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
	return &waiting{e: e, call: c, streams: streams}
}

// await gives a call so long for its stream. Whoever calls it has seen that the call's phase allows it: else its agent
// is let go. b.mu is held.
func (b *Switchboard) await(w *waiting, as phase, most time.Duration) {
	if !b.table.move(w.e, w.e.phase, as) {
		w.call.log.Error().Msg("internal error: call can't wait for a stream")
		b.wg.Go(w.call.abandon)
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

// again makes a call wait for another stream. b.mu is held.
func (b *Switchboard) again(e *entry, old *Call, streams int) *waiting {
	old.journal.head = revived(old.journal.head)
	return b.wait(e, old.profile, old.journal.head, old, streams)
}

// stepAway makes a call wait for the stream that follows the keys it presses. b.mu is
// held.
func (b *Switchboard) stepAway(l *live, streams int, digits string) {
	head := revived(l.call.journal.head)
	w := b.newWaiting(l.e, l.call.profile, head, l.call, streams-1) // leaving on purpose is no lost stream
	b.await(w, sendingDigits{w}, streamWait+pressTime(digits))
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
		w.call.abandon()
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

// forget ends a call that never had a stream.
func (b *Switchboard) forget(w *waiting, out Outcome) {
	if b.elsewhere(w.call.journal.head.ID) {
		b.dropWaiting(w)
		return
	}
	if b.waitsNoMore(w, b.over(nil)) {
		b.settle(w.call, out)
		b.written()
		w.call.abandon()
	}
}

// dropWaiting gives up a call whose stream went to another instance.
func (b *Switchboard) dropWaiting(w *waiting) {
	if b.waitsNoMore(w, nil) {
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
