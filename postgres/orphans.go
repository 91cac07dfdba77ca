package postgres

import (
	"context"
	"fmt"

	"github.com/patchcord/patchcord/calllog"
)

// maxOrphans is how many are settled at once.
const maxOrphans = 100

// Orphans is the placed calls of the last day that [DB.CloseOrphans] closed, and of which
// neither Twilio nor the ledger has been told. Their entries are not read.
func (db *DB) Orphans(ctx context.Context) ([]calllog.Call, error) {
	return db.Calls().headers(ctx, ` where reaped_at > now() - interval '1 day' and settled_at is null and direction = 'outbound' order by reaped_at limit $1`, maxOrphans)
}

// Settled notes that both have been told of an orphan.
func (db *DB) Settled(ctx context.Context, callID string) error {
	if _, err := db.pool.Exec(ctx, `update calls set settled_at = now() where id = $1`, callID); err != nil {
		return fmt.Errorf("postgres: close an orphaned call: %w", err)
	}
	return nil
}
