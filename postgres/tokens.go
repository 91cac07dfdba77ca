package postgres

import (
	"context"
	"fmt"
	"time"
)

// RedeemToken notes that the one-time token with this hash is used, and tells
// whether this was the first time, whichever bridge asks. After expires the
// token must be refused by its own date: its row is kept an hour longer, for
// clocks that disagree, and is then removed by the next use of any token.
func (db *DB) RedeemToken(ctx context.Context, hash [32]byte, expires time.Time) (first bool, err error) {
	tag, err := db.pool.Exec(ctx, `
		with swept as (delete from used_tokens where expires_at < now() - interval '1 hour')
		insert into used_tokens (hash, expires_at) values ($1, $2) on conflict do nothing`, hash[:], expires)
	if err != nil {
		return false, fmt.Errorf("postgres: redeem a token: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
