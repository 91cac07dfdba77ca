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

// scanKey reads a key's columns, and those behind them into more.
func scanKey(row pgx.CollectableRow, more ...any) (k keys.Key, err error) {
	err = row.Scan(append([]any{&k.Name, &k.Rights, &k.Sellers, &k.Created, &k.By, &k.Expires, &k.Used, &k.Revoked}, more...)...)
	k.Created, k.Expires = k.Created.UTC(), k.Expires.UTC()
	for _, t := range []*time.Time{k.Used, k.Revoked} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return k, err
}

func oneKey(row pgx.CollectableRow) (keys.Key, error) { return scanKey(row) }

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
	return keysError("store a key", err)
}

// FindKeys implements [keys.Store]. A key's last use is written at most once a minute.
func (s Keys) FindKeys(ctx context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	asked := make([][]byte, len(hashes))
	for i := range hashes {
		asked[i] = hashes[i][:]
	}
	rows, _ := s.pool.Query(ctx, `select `+keyColumns+`, hash from api_keys where hash = any($1)`, asked)
	found := map[[32]byte]keys.Key{}
	var used [][]byte
	_, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (struct{}, error) {
		var hash []byte
		k, err := scanKey(row, &hash)
		if err == nil && len(hash) == len(hashes[0]) {
			found[[32]byte(hash)] = k
		}
		if k.Used == nil || time.Since(*k.Used) > time.Minute {
			used = append(used, hash)
		}
		return struct{}{}, err
	})
	if err == nil && len(used) > 0 {
		_, err = s.pool.Exec(ctx, `update api_keys set used_at = now() where hash = any($1) and revoked_at is null
			and (used_at is null or used_at < now() - interval '1 minute')`, used)
	}
	return found, keysError("find keys", err)
}

// ListKeys implements [keys.Store].
func (s Keys) ListKeys(ctx context.Context) ([]keys.Key, error) {
	rows, _ := s.pool.Query(ctx, `select `+keyColumns+` from api_keys order by created_at, name`)
	list, err := pgx.CollectRows(rows, oneKey)
	return list, keysError("list the keys", err)
}

// RevokeKey implements [keys.Store].
func (s Keys) RevokeKey(ctx context.Context, name string) (keys.Key, error) {
	rows, _ := s.pool.Query(ctx, `update api_keys set revoked_at = coalesce(revoked_at, now()) where name = $1
		returning `+keyColumns, name)
	k, err := pgx.CollectExactlyOneRow(rows, oneKey)
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
