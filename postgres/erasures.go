package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
)

// Erasures is erasure.Store.
type Erasures struct{ pool *pgxpool.Pool }

var _ erasure.Store = Erasures{}

// Erasures keeps orders to erase people, and deletes their rows.
func (db *DB) Erasures() Erasures { return Erasures{db.pool} }

const selectErasure = `
select id, person, coalesce(sealed, ''), why, ordered_at, erased, coalesce(ledger_seq, 0), ledger_hash, finished_at,
	(select coalesce(jsonb_agg(jsonb_build_object('Name', instance, 'SeenAt', seen_at, 'DoneAt', done_at) order by instance), '[]')
		from erasure_instances where erasure_id = id)
from erasures `

func scanErasure(row pgx.CollectableRow) (r erasure.Record, err error) {
	var person []byte
	err = row.Scan(&r.ID, &person, &r.Sealed, &r.Why, &r.OrderedAt, &r.Erased, &r.Seq, &r.Hash, &r.FinishedAt, &r.Instances)
	copy(r.Person[:], person)
	return r, err
}

// One person has one open order. Whoever sees a conflict finds it.
const orderErasure = `
with ordered as (
	insert into erasures (id, person, sealed, why) values ($1, $2, $3, $4)
	on conflict (person) where finished_at is null do nothing
	returning id
)
insert into erasure_instances (erasure_id, instance, seen_at)
select o.id, i.name, max(i.beat_at)
from ordered o, (select name, beat_at from instances union all select $5, null) i (name, beat_at)
group by 1, 2`

// orders is how often an order is tried that finds another one, which has finished when it is read.
const orders = 3

// Order implements [erasure.Store].
func (e Erasures) Order(ctx context.Context, r erasure.Record, instance string) (erasure.Record, error) {
	for range orders {
		if _, err := e.pool.Exec(ctx, orderErasure, r.ID, r.Person[:], r.Sealed, r.Why, instance); err != nil {
			return erasure.Record{}, erasureError("order", err)
		}
		rows, _ := e.pool.Query(ctx, selectErasure+`where person = $1 and finished_at is null or id = $2`, r.Person[:], r.ID)
		if list, err := pgx.CollectRows(rows, scanErasure); err != nil || len(list) > 0 {
			return append(list, erasure.Record{})[0], erasureError("order", err)
		}
	}
	return erasure.Record{}, erasureError("order", errors.New("too many concurrent changes"))
}

// Unfinished implements [erasure.Store].
func (e Erasures) Unfinished(ctx context.Context) ([]erasure.Record, error) {
	rows, _ := e.pool.Query(ctx, selectErasure+`where finished_at is null order by ordered_at, id`)
	list, err := pgx.CollectRows(rows, scanErasure)
	return list, erasureError("read", err)
}

// Get implements [erasure.Store].
func (e Erasures) Get(ctx context.Context, id string) (erasure.Record, error) {
	rows, _ := e.pool.Query(ctx, selectErasure+`where id = $1`, id)
	r, err := pgx.CollectExactlyOneRow(rows, scanErasure)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, erasure.ErrUnknown
	}
	return r, erasureError("read", err)
}

// CallsOf implements [erasure.Store].
func (e Erasures) CallsOf(ctx context.Context, id string) ([]string, error) {
	rows, _ := e.pool.Query(ctx, `select call_id from erased_calls where erasure_id = $1`, id)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, erasureError("read its calls", err)
}

// ErasedAmong implements [erasure.Store].
func (e Erasures) ErasedAmong(ctx context.Context, calls []string) ([]string, error) {
	rows, _ := e.pool.Query(ctx, `
		select call_id from erased_calls join erasures on id = erasure_id
		where call_id = any ($1) and finished_at is not null`, calls)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return ids, erasureError("read erased calls", err)
}

// Progress implements [erasure.Store].
func (e Erasures) Progress(ctx context.Context, id, instance string, more erasure.Counts, done bool) error {
	err := pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		if err := addCounts(ctx, tx, id, more); err != nil || !done {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into erasure_instances (erasure_id, instance, seen_at, done_at) values ($1, $2, now(), now())
			on conflict (erasure_id, instance) do update set done_at = excluded.done_at`, id, instance)
		return err
	})
	return erasureError("record the progress", err)
}

// addCounts adds to what an order has erased.
func addCounts(ctx context.Context, tx pgx.Tx, id string, more erasure.Counts) error {
	var all erasure.Counts
	if err := tx.QueryRow(ctx, `select erased from erasures where id = $1 for update`, id).Scan(&all); err != nil {
		return err
	}
	for what, n := range more {
		if n > 0 {
			all[what] += n
		}
	}
	b, err := json.Marshal(all)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update erasures set erased = $2 where id = $1`, id, b)
	return err
}

// Without implements [erasure.Store].
func (e Erasures) Without(ctx context.Context, id, instance string) error {
	_, err := e.pool.Exec(ctx, `delete from erasure_instances where erasure_id = $1 and instance = $2 and done_at is null`, id, instance)
	return erasureError("continue without an instance", err)
}

// Alone implements [erasure.Store].
func (e Erasures) Alone(ctx context.Context, id string, f func(context.Context) error) (mine bool, err error) {
	var inside error
	err = pgx.BeginFunc(ctx, e.pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `select pg_try_advisory_xact_lock(hashtextextended('erasure ' || $1, 0))`, id).Scan(&mine)
		if err == nil && mine {
			inside = f(ctx)
		}
		return err
	})
	if inside != nil {
		return mine, inside
	}
	return mine, erasureError("lock it", err)
}

// KeyDestroyed implements [erasure.Store].
func (e Erasures) KeyDestroyed(ctx context.Context, id string, r consent.Receipt) error {
	_, err := e.pool.Exec(ctx, `update erasures set ledger_seq = $2, ledger_hash = $3 where id = $1`, id, r.Seq, r.Hash)
	return erasureError("record the ledger's row", err)
}

// Finish implements [erasure.Store].
func (e Erasures) Finish(ctx context.Context, id string) error {
	_, err := e.pool.Exec(ctx, `
		update erasures set finished_at = now(), sealed = null
		where id = $1 and finished_at is null and ledger_seq is not null
			and not exists (select from erasure_instances where erasure_id = $1 and done_at is null)`, id)
	return erasureError("finish", err)
}

func erasureError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("postgres: an erasure: %s: %w", doing, err)
}
