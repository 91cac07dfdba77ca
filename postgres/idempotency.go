package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Claim is how the key of a request stands.
type Claim struct {
	Mine   bool     // whoever asked now has to do what the request wants
	Taken  bool     // over from somebody who never came to an end
	CallID string   // of the request that came first
	Body   [32]byte // likewise
	Answer []byte   // nil while it is under way
}

// claims is how often a key is asked for that others take and drop meanwhile.
const claims = 5

// Claim takes a key for a request, or tells what became of the one that came first.
// A claim without an answer is taken over when it is older than stale, with the
// call's id of the first one. A key is free again after a day; rows older than that
// are removed by the next claim.
func (db *DB) Claim(ctx context.Context, key, body [32]byte, callID string, stale time.Duration) (Claim, error) {
	for range claims {
		c := Claim{Mine: true}
		var first []byte
		err := db.pool.QueryRow(ctx, `
			with swept as (delete from idempotency_keys where created_at < now() - interval '25 hours' and key <> $1)
			insert into idempotency_keys as k (key, body, call_id) values ($1, $2, $3)
			on conflict (key) do update set created_at = now(),
				body    = case when k.created_at < now() - interval '24 hours' then excluded.body else k.body end,
				call_id = case when k.created_at < now() - interval '24 hours' then excluded.call_id else k.call_id end,
				answer  = null
			where k.created_at < now() - interval '24 hours'
			   or k.answer is null and k.body = excluded.body and k.created_at < now() - $4::interval
			returning call_id, body`, key[:], body[:], callID, stale).Scan(&c.CallID, &first)
		if err == nil {
			c.Body, c.Taken = [32]byte(first), c.CallID != callID
			return c, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return Claim{}, fmt.Errorf("postgres: claim a request's key: %w", err)
		}
		c.Mine = false
		err = db.pool.QueryRow(ctx, `select call_id, body, answer from idempotency_keys where key = $1`, key[:]).Scan(&c.CallID, &first, &c.Answer)
		if err == nil {
			c.Body = [32]byte(first)
			return c, nil
		}
		if !errors.Is(err, pgx.ErrNoRows) { // else it was dropped in between
			return Claim{}, fmt.Errorf("postgres: look up a request's key: %w", err)
		}
	}
	return Claim{}, errors.New("postgres: claim a request's key: too many concurrent changes")
}

// Reopen takes a key again whose answer is still this one, for the call with this id:
// the answer was a "not now". It is true for one of several who try.
func (db *DB) Reopen(ctx context.Context, key [32]byte, answer []byte, callID string) (bool, error) {
	tag, err := db.pool.Exec(ctx, `
		update idempotency_keys set answer = null, call_id = $3, created_at = now() where key = $1 and answer = $2`, key[:], answer, callID)
	if err != nil {
		return false, fmt.Errorf("postgres: reclaim a request's key: %w", err)
	}
	return tag.RowsAffected() > 0, nil
}

// KeepAnswer ends a claim with the answer to its request. It goes when its person is erased;
// a zero person says that it is about nobody.
func (db *DB) KeepAnswer(ctx context.Context, key [32]byte, answer []byte, person [32]byte) error {
	const keep = `update idempotency_keys set answer = $2, person = nullif($3, decode(repeat('00', 32), 'hex')) where key = $1`
	if _, err := db.pool.Exec(ctx, keep, key[:], answer, person[:]); err != nil {
		return fmt.Errorf("postgres: store a request's answer: %w", err)
	}
	return nil
}

// DropClaim ends a claim without an answer: the key is free again.
func (db *DB) DropClaim(ctx context.Context, key [32]byte) error {
	if _, err := db.pool.Exec(ctx, `delete from idempotency_keys where key = $1 and answer is null`, key[:]); err != nil {
		return fmt.Errorf("postgres: drop the claim of a request's key: %w", err)
	}
	return nil
}
