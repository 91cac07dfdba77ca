package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
)

// How old the counts may be before they are made again, beside what goes on, and
// before nothing goes on without new ones. 3 % of 30 days do not change in minutes.
const (
	callsFresh = time.Minute
	callsGood  = 5 * time.Minute
)

// callCounts keeps the number of calls of each seller that a person answered in the
// last 30 days, and of those that were abandoned. 47 CFR 64.1200(a)(7).
type callCounts struct {
	mu      sync.Mutex
	counts  map[string]consent.Calls
	at      time.Time // when they were made
	making  bool
	running sync.WaitGroup
}

// get is the counts. They must not be changed.
func (c *callCounts) get(ctx context.Context, l *Ledger) (map[string]consent.Calls, error) {
	c.mu.Lock()
	counts, age := c.counts, time.Since(c.at)
	again := age > callsFresh && age <= callsGood && !c.making
	if again {
		c.making = true
	}
	c.mu.Unlock()
	if again {
		c.running.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), batchTime)
			defer cancel()
			_, err := c.make(ctx, l)
			if err != nil {
				l.cfg.Log.Warn().Err(err).Msg("answered and abandoned calls could not be counted")
			}
			c.mu.Lock()
			c.making = false
			c.mu.Unlock()
		})
	}
	if age <= callsGood {
		return counts, nil
	}
	return c.make(ctx, l)
}

func (c *callCounts) make(ctx context.Context, l *Ledger) (map[string]consent.Calls, error) {
	begun := time.Now()
	rows, _ := l.db.pool.Query(ctx, `
		select seller, count(*), count(*) filter (where mark = 'abandoned') from consent_ledger
		where mark in ('answered', 'abandoned') and recorded_at > clock_timestamp() - interval '30 days' group by seller`)
	counts := make(map[string]consent.Calls)
	var seller string
	var n consent.Calls
	_, err := pgx.ForEachRow(rows, []any{&seller, &n.Answered, &n.Abandoned}, func() error {
		counts[seller] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: count calls: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts, c.at = counts, begun
	return counts, nil
}

func (c *callCounts) wait() { c.running.Wait() }
