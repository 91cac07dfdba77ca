package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/keys"
)

// Keys is keys.Store.
type Keys struct{ pool *pgxpool.Pool }

var _ keys.Store = Keys{}

// Keys keeps the keys of the API.
func (db *DB) Keys() Keys { return Keys{db.pool} }

const keyColumns = `name, rights, sellers, created_at, created_by, expires_at, used_at, revoked_at`

func scanKey(row pgx.CollectableRow) (k keys.Key, err error) {
	err = row.Scan(&k.Name, &k.Rights, &k.Sellers, &k.Created, &k.By, &k.Expires, &k.Used, &k.Revoked)
	k.Created, k.Expires = k.Created.UTC(), k.Expires.UTC()
	for _, t := range []*time.Time{k.Used, k.Revoked} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return k, err
}

// AddKey implements [keys.Store].
func (s Keys) AddKey(ctx context.Context, k keys.Key, hash [32]byte) error {
	sellers := k.Sellers
	if sellers == nil {
		sellers = []string{}
	}
	_, err := s.pool.Exec(ctx, `insert into api_keys (name, hash, rights, sellers, created_by, created_at, expires_at)
		values ($1, $2, $3, $4, $5, $6, $7)`, k.Name, hash[:], k.Rights, sellers, k.By, k.Created, k.Expires)
	var twice *pgconn.PgError
	if errors.As(err, &twice) && twice.Code == "23505" { // unique_violation
		return keys.ErrTaken
	}
	return keysError("keep a key", err)
}

// FindKey implements [keys.Store]. A key's last use is written at most once a minute.
func (s Keys) FindKey(ctx context.Context, hash [32]byte) (keys.Key, error) {
	rows, _ := s.pool.Query(ctx, `select `+keyColumns+` from api_keys where hash = $1`, hash[:])
	k, err := pgx.CollectExactlyOneRow(rows, scanKey)
	if errors.Is(err, pgx.ErrNoRows) {
		return k, keys.ErrUnknown
	}
	if err == nil && (k.Used == nil || time.Since(*k.Used) > time.Minute) {
		_, err = s.pool.Exec(ctx, `update api_keys set used_at = now() where hash = $1 and revoked_at is null
			and (used_at is null or used_at < now() - interval '1 minute')`, hash[:])
	}
	return k, keysError("find a key", err)
}

// ListKeys implements [keys.Store].
func (s Keys) ListKeys(ctx context.Context) ([]keys.Key, error) {
	rows, _ := s.pool.Query(ctx, `select `+keyColumns+` from api_keys order by created_at, name`)
	list, err := pgx.CollectRows(rows, scanKey)
	return list, keysError("list the keys", err)
}

// RevokeKey implements [keys.Store].
func (s Keys) RevokeKey(ctx context.Context, name string) (keys.Key, error) {
	rows, _ := s.pool.Query(ctx, `update api_keys set revoked_at = coalesce(revoked_at, now()) where name = $1
		returning `+keyColumns, name)
	k, err := pgx.CollectExactlyOneRow(rows, scanKey)
	if errors.Is(err, pgx.ErrNoRows) {
		return k, keys.ErrUnknown
	}
	return k, keysError("revoke a key", err)
}

func keysError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("postgres: %s: %w", doing, err)
}
