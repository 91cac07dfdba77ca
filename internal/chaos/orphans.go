package chaos

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// As package internal/service does it.
const (
	beatEvery = 15 * time.Second
	beatStale = 2 * time.Minute
)

// beat notes that an instance lives. It is false if the database can't be told.
func (w *World) beat(name string) bool {
	if w.db.enter(context.Background()) != nil {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.beats[name] = time.Now()
	return true
}

// closeOrphans closes the calls of self, or with an empty self of the instances that have not beaten for a while, as
// package postgres does. It returns the closed calls that we placed.
func (w *World) closeOrphans(self string) (placed []calllog.Call) {
	ctx := context.Background()
	live := true
	calls, _, err := w.db.List(ctx, calllog.Filter{Live: &live, Limit: calllog.MaxLimit})
	if err != nil || w.db.enter(ctx) != nil {
		return nil
	}
	for _, head := range calls {
		w.mu.Lock()
		beat, known := w.beats[head.Instance]
		w.mu.Unlock()
		if !known {
			beat = head.StartedAt
		}
		if head.Instance != self && (self != "" || time.Since(beat) < beatStale) {
			continue
		}
		whole, err := w.db.Store.Get(ctx, head.ID)
		if err != nil {
			w.broken("get an orphan: %v", err)
			continue
		}
		now := time.Now()
		seq := 1
		if n := len(whole.Entries); n > 0 {
			seq = whole.Entries[n-1].Seq + 1
		}
		head.Status, head.Outcome, head.Broke, head.EndedAt = calllog.StatusCompleted, calllog.OutcomeFailed, true, &now
		head.Version++
		note := calllog.Entry{Seq: seq, AtMS: now.Sub(head.StartedAt).Milliseconds(), Kind: calllog.KindNote, Text: "the bridge stopped during the call"}
		if err := w.db.write(ctx, []calllog.Change{{Call: &head}, {CallID: head.ID, Epoch: head.Epoch, Entry: &note}}); err != nil {
			w.broken("close an orphan: %v", err)
		}
		w.logf(nil, "the call %s of %s is closed as an orphan", head.ID, head.Instance)
		w.orphaned(head.ID)
		if head.Direction == calllog.Outbound {
			placed = append(placed, head)
		}
	}
	return placed
}
