package postgres

import (
	"context"
	"fmt"
)

// LedgerBegun tells whether the ledger was begun with a master key, without which it can't be
// read. A database that is not migrated has none.
func (db *DB) LedgerBegun(ctx context.Context) (bool, error) {
	var there bool
	err := db.pool.QueryRow(ctx, `select to_regclass('ledger_head') is not null`).Scan(&there)
	if err == nil && there {
		err = db.pool.QueryRow(ctx, `select exists (select from ledger_head where key_check is not null)`).Scan(&there)
	}
	if err != nil {
		return false, fmt.Errorf("postgres: read the ledger's head: %w", err)
	}
	return there, nil
}
