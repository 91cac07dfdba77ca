package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/patchcord/patchcord/remind"
)

// Reminders keeps scheduled calls: it is remind.Store, and remind.Adder for river's
// transactions.
type Reminders struct{ pool *pgxpool.Pool }

// Reminders returns the store of scheduled calls. It needs no closing.
func (db *DB) Reminders() *Reminders { return &Reminders{db.pool} }

// River returns river's driver for this database. It must not be in use any more
// when the DB is closed.
func (db *DB) River() *riverpgxv5.Driver { return riverpgxv5.New(db.pool) }

// Rows go in by the order of their keys, the first of one key first, so that two who add the same ones wait for
// each other and not in a circle.
const insertReminders = `
insert into reminders (id, key, to_number, from_number, agent, purpose, contains_marketing, subject, variables, state, zone,
	due_at, status, next_at, created_at, body)
select id, nullif(key, ''), to_number, from_number, agent, purpose, marketing, subject, variables, state, zone,
	due_at, status, due_at, created_at, nullif(body, '')
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[], $9::jsonb[], $10::text[], $11::text[],
	$12::timestamptz[], $13::text[], $14::timestamptz[], $15::bytea[]) with ordinality
	as t (id, key, to_number, from_number, agent, purpose, marketing, subject, variables, state, zone, due_at, status, created_at, body, place)
order by key, place
on conflict (key) where key is not null do nothing
returning id`

// Add implements remind.Adder.
func (s *Reminders) Add(ctx context.Context, list []remind.Reminder, enqueue func(context.Context, pgx.Tx, []remind.Reminder) error) ([]remind.Reminder, error) {
	if len(list) == 0 {
		return nil, nil
	}
	columns, err := reminderColumns(list)
	if err != nil {
		return nil, err
	}
	all := make([]remind.Reminder, len(list))
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, insertReminders, columns...)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		fresh := map[string]bool{}
		for _, id := range ids {
			fresh[id] = true
		}
		var added []remind.Reminder
		var known []string
		for _, r := range list {
			if fresh[r.ID] {
				added = append(added, r)
			} else {
				known = append(known, r.Key)
			}
		}
		there := map[string]remind.Reminder{} // by key
		if len(known) > 0 {
			old, err := readReminders(ctx, tx, " where r.key = any($1)", known)
			if err != nil {
				return err
			}
			for _, r := range old {
				there[r.Key] = r
			}
		}
		var clash remind.KeyError
		for i, r := range list {
			if all[i] = r; !fresh[r.ID] {
				all[i] = there[stored(r.Key)]
			}
			if r.Clashes(all[i]) {
				clash.Places = append(clash.Places, i)
			}
		}
		if len(clash.Places) > 0 {
			return &clash
		}
		return enqueue(ctx, tx, added)
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: add reminders: %w", err)
	}
	return all, nil
}

func reminderColumns(list []remind.Reminder) ([]any, error) {
	n := len(list)
	var (
		texts      [9][]string
		variables  = make([][]byte, n)
		marketing  = make([]bool, n)
		due, since = make([]time.Time, n), make([]time.Time, n)
		status     = make([]string, n)
		bodies     = make([][]byte, n)
	)
	for i := range texts {
		texts[i] = make([]string, n)
	}
	for i, r := range list {
		o := r.Order
		var err error
		if variables[i], err = json.Marshal(o.Variables); err != nil {
			return nil, fmt.Errorf("postgres: add reminders: %w", err)
		}
		if o.Variables == nil {
			variables[i] = []byte("{}")
		}
		for c, v := range []string{r.ID, r.Key, o.To.E164(), o.From.E164(), o.Agent, string(o.Purpose), o.Subject, o.Location.State, o.Location.Zone} {
			texts[c][i] = v
		}
		marketing[i], due[i], since[i], status[i] = o.Marketing, r.Due, r.CreatedAt, string(r.Status)
		bodies[i] = r.Body
	}
	return []any{texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], marketing, texts[6], variables, texts[7], texts[8], due, status, since, bodies}, nil
}

// Requeue implements remind.Adder.
func (s *Reminders) Requeue(ctx context.Context, before time.Time, limit int, enqueue func(context.Context, pgx.Tx, []remind.Reminder) error) (n int, err error) {
	err = pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		lost, err := readReminders(ctx, tx, `
			where r.status in ('scheduled', 'deferred', 'held', 'calling') and r.next_at < $1 and not exists (
				select from river_job j
				where j.kind = 'reminder' and j.state in ('available', 'pending', 'retryable', 'running', 'scheduled')
					and j.args->>'reminder' = r.id)
			order by r.next_at limit $2`, before, limit)
		if err != nil {
			return err
		}
		n = len(lost)
		return enqueue(ctx, tx, lost)
	})
	if err != nil {
		return 0, fmt.Errorf("postgres: find reminders without jobs: %w", err)
	}
	return n, nil
}
