package postgres

import (
	"context"
	"fmt"
	"time"
)

// Waiting counts the reminders that are yet to be placed, and those among them whose next look
// is overdue by more than a time: nobody holds them up, and still nothing happens.
func (s *Reminders) Waiting(ctx context.Context, late time.Duration) (waiting, overdue int, err error) {
	err = s.pool.QueryRow(ctx, `
		select count(*), count(*) filter (where next_at < now() - $1::interval)
		from reminders where status in ('scheduled', 'deferred', 'held')`, late).Scan(&waiting, &overdue)
	if err != nil {
		return 0, 0, fmt.Errorf("postgres: count the reminders: %w", err)
	}
	return waiting, overdue, nil
}
