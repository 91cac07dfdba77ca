package postgres

import (
	"context"
	"fmt"
	"time"
)

// Anchored is how long ago the ledger's head was last written down, by any instance; zero while
// it never was.
func (l *Ledger) Anchored(ctx context.Context) (ago time.Duration, err error) {
	var seconds float64
	err = l.db.pool.QueryRow(ctx, `select coalesce(extract(epoch from now() - max(anchored_at)), 0)::float8 from ledger_anchors`).Scan(&seconds)
	if err != nil {
		return 0, fmt.Errorf("postgres: read when the ledger was anchored: %w", err)
	}
	return time.Duration(max(0, seconds) * float64(time.Second)), nil
}
