package postgres

import (
	"context"
	"time"
)

// AnchorEvery is how often KeepAnchored looks for new rows.
const AnchorEvery = anchorEvery

// EarlierQuery is how Earlier looks for calls.
const EarlierQuery = selectHeader + earlierCalls

// KeepAnchoredEvery is KeepAnchored with another pace, until ctx ends.
func (l *Ledger) KeepAnchoredEvery(ctx context.Context, dir string, every time.Duration) {
	l.keepAnchored(ctx, dir, l.cfg.Log, every)
}
