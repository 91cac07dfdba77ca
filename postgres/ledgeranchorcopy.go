package postgres

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
)

// How long a copy elsewhere may take.
const (
	anchorCopy = 10 * time.Second
	copiesRead = time.Minute // to read them again: 45,000 of a month
)

// AnchorStore keeps copies of anchors where whoever owns the database can't reach
// them. Its methods are safe for use by several goroutines. The ledger closes it.
type AnchorStore interface {
	Put(ctx context.Context, a consent.Anchor) error

	// Since is those that were written down since a time, in any order.
	Since(ctx context.Context, t time.Time) ([]consent.Anchor, error)

	Close() error
}

// copyAnchors keeps a copy of the newest anchor elsewhere, and tries again until it is
// there or another is newer.
func (l *Ledger) copyAnchors(ctx context.Context, newest <-chan consent.Anchor, log zerolog.Logger) {
	var again <-chan time.Time
	for a := (consent.Anchor{}); ; {
		select {
		case <-ctx.Done():
			return
		case a = <-newest:
		case <-again:
		}
		bounded, cancel := context.WithTimeout(ctx, anchorCopy)
		err := l.cfg.Copies.Put(bounded, a)
		cancel()
		if again = nil; err == nil {
			l.outside.Store(&a.At)
		} else if ctx.Err() == nil {
			again = time.After(anchorEvery)
			log.Error().Err(err).Msg("external copy of the ledger's anchor not stored; retrying")
		}
	}
}
