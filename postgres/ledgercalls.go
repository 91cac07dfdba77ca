package postgres

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// How old the counts may be before the new rows are added to them, beside what goes on, and
// before nothing goes on without that. What this instance writes is counted at once.
const (
	callsFresh  = time.Minute
	callsGood   = 5 * time.Minute
	callsWindow = 30 * 24 * time.Hour // 47 CFR 64.1200(a)(7)
)

// callCounts keeps the number of calls of each campaign that a person answered in the
// last 30 days, and of those that were abandoned. It reads each row once.
type callCounts struct {
	mu      sync.Mutex
	counts  map[consent.Campaign]consent.Calls
	at      time.Time // when they were made
	making  bool
	running sync.WaitGroup

	reading sync.Mutex // guards what follows
	tally   map[consent.Campaign]*tally
	seq     int64     // the newest row that was read
	since   time.Time // when it was recorded
}

// tally is the calls of one campaign.
type tally struct {
	answered  map[time.Time]int   // by the hour; abandoned calls are among them
	abandoned map[int64]time.Time // by their row
	released  int64               // the row of the newest release
}

// get is the counts. They must not be changed.
func (c *callCounts) get(ctx context.Context, l *Ledger) (map[consent.Campaign]consent.Calls, error) {
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
				l.cfg.Log.Warn().Err(err).Msg("answered and abandoned calls not counted")
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

// Campaigns counts the calls of each campaign in the last 30 days.
func (l *Ledger) Campaigns(ctx context.Context) (map[consent.Campaign]consent.Calls, error) {
	counts, err := l.calls.get(ctx, l)
	return maps.Clone(counts), err
}

// expire has the next one who asks wait for new counts: this instance has written
// something that decides whether a campaign may go on.
func (c *callCounts) expire(rows []proof.Row) {
	for i := range rows {
		if rows[i].Mark == proof.MarkAbandoned || rows[i].Type == consent.Released {
			c.mu.Lock()
			c.at = time.Time{}
			c.mu.Unlock()
			return
		}
	}
}

const newCalls = `
	select date_trunc('hour', recorded_at), seller, coalesce(fact->>'agent', ''), coalesce(fact->>'purpose', ''), abandoned, count(*), max(seq), max(recorded_at)
	from (
		select recorded_at, seller, seq, convert_from(body, 'UTF8')::json->'fact' as fact, case when mark = 'abandoned' then seq else 0 end as abandoned
		from consent_ledger where mark in ('answered', 'abandoned') and recorded_at >= $1 and seq > $2
	) calls group by 1, 2, 3, 4, 5`

// make adds the new rows to the counts, and drops those that are too old.
func (c *callCounts) make(ctx context.Context, l *Ledger) (map[consent.Campaign]consent.Calls, error) {
	asked := time.Now()
	c.reading.Lock()
	defer c.reading.Unlock()
	begun := time.Now()
	c.mu.Lock()
	counts, at := c.counts, c.at
	c.mu.Unlock()
	if at.After(asked) { // somebody else has, meanwhile
		return counts, nil
	}
	if c.tally == nil {
		c.tally, c.since = map[consent.Campaign]*tally{}, begun.Add(-callsWindow)
	}
	seq, since := c.seq, c.since
	rows, _ := l.db.pool.Query(ctx, newCalls, c.since, c.seq)
	var hour, recorded time.Time
	var of consent.Campaign
	var abandoned, newest int64
	var n int
	found := map[consent.Campaign]*tally{} // counted only if all of it could be read
	_, err := pgx.ForEachRow(rows, []any{&hour, &of.Seller, &of.Agent, &of.Purpose, &abandoned, &n, &newest, &recorded}, func() error {
		t := tallyOf(found, of)
		t.answered[hour.UTC()] += n
		if abandoned > 0 {
			t.abandoned[abandoned] = recorded
		}
		if seq = max(seq, newest); recorded.After(since) {
			since = recorded
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: count calls: %w", err)
	}
	c.seq, c.since = seq, since
	for of, more := range found {
		t := tallyOf(c.tally, of)
		for hour, n := range more.answered {
			t.answered[hour] += n
		}
		maps.Copy(t.abandoned, more.abandoned)
	}
	c.release(ctx, l)

	counts = make(map[consent.Campaign]consent.Calls, len(c.tally))
	for of, t := range c.tally {
		counts[of] = t.count(begun.Add(-callsWindow))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts, c.at = counts, begun
	return counts, nil
}

// release reads which campaigns operators have let call again. Where that can't be read
// none were: nobody's refusal waits for it.
func (c *callCounts) release(ctx context.Context, l *Ledger) {
	facts, err := l.Own(ctx, consent.Released)
	if err != nil {
		l.cfg.Log.Warn().Err(err).Msg("released campaigns not read")
		return
	}
	for i := range facts {
		t := tallyOf(c.tally, facts[i].Campaign())
		t.released = max(t.released, facts[i].Seq)
	}
}

func tallyOf(all map[consent.Campaign]*tally, of consent.Campaign) *tally {
	if all[of] == nil {
		all[of] = &tally{answered: map[time.Time]int{}, abandoned: map[int64]time.Time{}}
	}
	return all[of]
}

// count drops what is older than an instant and counts the rest. An hour is dropped when
// it began before: fewer calls that went well make the share no smaller.
func (t *tally) count(from time.Time) (n consent.Calls) {
	maps.DeleteFunc(t.abandoned, func(_ int64, at time.Time) bool { return at.Before(from) })
	maps.DeleteFunc(t.answered, func(hour time.Time, _ int) bool { return hour.Before(from) })
	for _, calls := range t.answered {
		n.Answered += calls
	}
	n.Abandoned = len(t.abandoned)
	for seq := range t.abandoned {
		if seq > t.released {
			n.Unreleased++
		}
	}
	n.Answered = max(n.Answered, n.Abandoned)
	return n
}

func (c *callCounts) wait() { c.running.Wait() }
