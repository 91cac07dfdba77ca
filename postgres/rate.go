package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/remind"
)

// Bounds of the line of calls: how far away a turn may be that is waited for, and
// how long the line may get by those who do not wait.
const (
	maxTurn = 30 * time.Second
	maxLine = time.Hour
)

// CallRate is the line in which the account's calls are created, one row for all
// instances. Twilio creates so many calls a second for an account (1 by default) and
// queues the others itself, where nobody can cancel them.
type CallRate struct {
	pool     *pgxpool.Pool
	interval time.Duration
}

// CallRate returns the line, for so many calls a second; 0 stands for 1. All
// instances should have the same rate.
func (db *DB) CallRate(perSecond float64) *CallRate {
	if perSecond <= 0 {
		perSecond = 1
	}
	return &CallRate{db.pool, time.Duration(float64(time.Second) / perSecond)}
}

// The clock is the server's: clock_timestamp, for a statement that has waited for
// the row must not believe the time at which it began.
const (
	takeTurn = `
		update call_rate set next_at = greatest(next_at, clock_timestamp()) + make_interval(secs => $1)
		where next_at <= clock_timestamp() + make_interval(secs => $2)
		returning extract(epoch from next_at - make_interval(secs => $1) - clock_timestamp())::float8`
	takePlace = `
		update call_rate set next_at = least(greatest(next_at, clock_timestamp()) + make_interval(secs => $1),
			clock_timestamp() + make_interval(secs => $2))`
)

// TakeSlot takes the next place in the line. With wait it returns when its turn has
// come, or remind.ErrNoSlot at once if that is more than half a minute away. Without
// wait it takes a place in the line and returns at once: those who wait come after it.
func (r *CallRate) TakeSlot(ctx context.Context, wait bool) error {
	if !wait {
		if _, err := r.pool.Exec(ctx, takePlace, r.interval.Seconds(), maxLine.Seconds()); err != nil {
			return fmt.Errorf("postgres: enter the call queue: %w", err)
		}
		return nil
	}
	rows, err := r.pool.Query(ctx, takeTurn, r.interval.Seconds(), maxTurn.Seconds())
	if err != nil {
		return fmt.Errorf("postgres: wait in the call queue: %w", err)
	}
	turns, err := pgx.CollectRows(rows, pgx.RowTo[float64])
	if err != nil {
		return fmt.Errorf("postgres: wait in the call queue: %w", err)
	}
	if len(turns) == 0 {
		return remind.ErrNoSlot
	}
	turn := time.NewTimer(time.Duration(turns[0] * float64(time.Second)))
	defer turn.Stop()
	select {
	case <-turn.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("postgres: wait in the call queue: %w", context.Cause(ctx))
	}
}
