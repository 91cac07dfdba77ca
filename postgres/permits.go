package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/permits"
)

// Bounds of what is remembered of permits for calls that others place.
const (
	callbackTries = 30                 // of telling a dialer of one refusal
	permitDays    = "interval '1 day'" // a permit is live so long at most, and forgotten after thirty times that
)

// Permits is permits.Store.
type Permits struct{ pool *pgxpool.Pool }

var _ permits.Store = Permits{}

// Permits keeps the permits for calls that others place.
func (db *DB) Permits() Permits { return Permits{db.pool} }

const permitColumns = `id, person, sealed, expires_at, call_ref, ended`

func scanPermit(row pgx.CollectableRow) (permits.Record, error) {
	var r permits.Record
	var person []byte
	err := row.Scan(&r.ID, &person, &r.Sealed, &r.ExpiresAt, &r.CallRef, &r.Ended)
	copy(r.Person[:], person)
	return r, err
}

// AddPermit implements [permits.Store]. It removes what is older than a month.
func (p Permits) AddPermit(ctx context.Context, r permits.Record) error {
	_, err := p.pool.Exec(ctx, `
		with swept as (delete from external_permits where created_at < now() - 30 * `+permitDays+`)
		insert into external_permits (id, person, sealed, expires_at) values ($1, $2, $3, $4)`,
		r.ID, r.Person[:], r.Sealed, r.ExpiresAt)
	return permitError("store a permit", err)
}

// ReportPermit implements [permits.Store].
func (p Permits) ReportPermit(ctx context.Context, id, eventID string,
	f func(*permits.Record, *permits.Claim) (*permits.Claim, error),
) error {
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+permitColumns+` from external_permits where id = $1 for update`, id)
		r, err := pgx.CollectExactlyOneRow(rows, scanPermit)
		if errors.Is(err, pgx.ErrNoRows) {
			return permits.ErrUnknown
		}
		if err != nil {
			return err
		}
		before, err := readEvents(ctx, tx, &r, eventID)
		if err != nil {
			return err
		}
		claim, err := f(&r, before)
		if err != nil || claim == nil {
			return err
		}
		b := &pgx.Batch{}
		b.Queue(`insert into external_events (permit_id, id, digest, type, at, status, problem)
			values ($1, $2, $3, $4, $5, $6, $7)`,
			id, claim.ID, claim.Digest[:], claim.Type, claim.At, claim.Answer.Status, claim.Answer.Problem)
		b.Queue(`update external_permits set call_ref = $2, ended = $3,
			callback_at = case when $3 then null else callback_at end where id = $1`, id, r.CallRef, r.Ended)
		return tx.SendBatch(ctx, b).Close()
	})
	if errors.Is(err, permits.ErrUnknown) {
		return permits.ErrUnknown
	}
	return permitError("store the report on a permit", err)
}

// readEvents fills a record's events, in the order in which they came, and finds the
// one of an id.
func readEvents(ctx context.Context, tx pgx.Tx, r *permits.Record, id string) (*permits.Claim, error) {
	rows, _ := tx.Query(ctx, `
		select id, digest, type, at, status, problem from external_events where permit_id = $1 order by seq`, r.ID)
	var found *permits.Claim
	var c permits.Claim
	var digest []byte
	_, err := pgx.ForEachRow(rows, []any{&c.ID, &digest, &c.Type, &c.At, &c.Answer.Status, &c.Answer.Problem},
		func() error {
			copy(c.Digest[:], digest)
			if r.Events = append(r.Events, permits.Reported{Type: c.Type, At: c.At}); c.ID == id {
				one := c
				found = &one
			}
			return nil
		})
	return found, err
}

// RevokePermits implements [permits.Store].
func (p Permits) RevokePermits(ctx context.Context, person [32]byte, f func(*permits.Record) bool) error {
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `select `+permitColumns+` from external_permits
			where person = $1 and not ended and revoked_at is null and created_at > now() - `+permitDays+`
			for update`, person[:])
		list, err := pgx.CollectRows(rows, scanPermit)
		if err != nil {
			return err
		}
		var ids []string
		for i := range list {
			if f(&list[i]) {
				ids = append(ids, list[i].ID)
			}
		}
		_, err = tx.Exec(ctx, `update external_permits set revoked_at = now(), callback_at = now(), callback_left = $2
			where id = any($1)`, ids, callbackTries)
		return err
	})
	return permitError("revoke permits", err)
}

// DueCallbacks implements [permits.Store]. After its last try a callback is given up.
func (p Permits) DueCallbacks(ctx context.Context, n int, wait time.Duration) ([]permits.Record, error) {
	rows, _ := p.pool.Query(ctx, `
		update external_permits set callback_left = callback_left - 1,
			callback_at = case when callback_left > 1 then clock_timestamp() + $2::interval end
		where id in (select id from external_permits where callback_at <= clock_timestamp()
			order by callback_at limit $1 for update skip locked)
		returning `+permitColumns, n, wait)
	list, err := pgx.CollectRows(rows, scanPermit)
	return list, permitError("read due callbacks", err)
}

// CallbackDone implements [permits.Store].
func (p Permits) CallbackDone(ctx context.Context, id string) error {
	_, err := p.pool.Exec(ctx, `update external_permits set callback_at = null where id = $1`, id)
	return permitError("record a callback", err)
}

// UnheardPermits implements [permits.Store].
func (p Permits) UnheardPermits(ctx context.Context, before time.Time, n int) ([]permits.Record, error) {
	rows, _ := p.pool.Query(ctx, `select `+permitColumns+` from external_permits
		where call_ref = '' and not ended and expires_at < $1 order by expires_at limit $2`, before, n)
	list, err := pgx.CollectRows(rows, scanPermit)
	return list, permitError("read unreported permits", err)
}

// EndPermit implements [permits.Store].
func (p Permits) EndPermit(ctx context.Context, id string) error {
	_, err := p.pool.Exec(ctx, `update external_permits set ended = true, callback_at = null where id = $1`, id)
	return permitError("end a permit", err)
}

func permitError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("postgres: %s: %w", doing, err)
}
