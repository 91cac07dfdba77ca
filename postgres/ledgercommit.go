package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/patchcord/patchcord/consent/proof"
)

// settled is what came of a transaction whose commit ended with err, and whose
// newest row is given. If the answer was lost, the ledger itself says.
func (l *Ledger) settled(ctx context.Context, err error, at int64, head proof.Sum) error {
	var refused *pgconn.PgError
	if err == nil {
		return nil
	}
	err = fmt.Errorf("postgres: the ledger: append: %w", err)
	if errors.As(err, &refused) && refused.SeverityUnlocalized == "ERROR" || errors.Is(err, pgx.ErrTxCommitRollback) {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), resolveTime)
	defer cancel()
	for {
		landed, asked := l.landed(ctx, at, head)
		switch {
		case asked == nil && landed:
			return nil
		case asked == nil:
			return err
		}
		select { // what broke the one connection has broken others of the pool
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("postgres: the ledger: a batch may have been written: %w", errors.Join(err, asked))
		}
	}
}

// landed tells whether a row is in the ledger. It waits for the lock, which the
// transaction that wrote it holds until it has ended either way.
func (l *Ledger) landed(ctx context.Context, at int64, head proof.Sum) (bool, error) {
	tx, err := l.db.pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer rollback(tx)
	var there bool
	b := &pgx.Batch{}
	b.Queue(bounds, statementTime(resolveTime))
	b.Queue(`select at from ledger_head for update`)
	b.Queue(`select exists (select from consent_ledger where seq = $1 and hash = $2)`, at, head[:]).QueryRow(func(row pgx.Row) error { return row.Scan(&there) })
	err = tx.SendBatch(ctx, b).Close()
	return there, err
}

// rollback ends a transaction that was not committed, so that its connection can be
// used again or is given up.
func rollback(tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = tx.Rollback(ctx) // after a commit it does nothing; else the server does it when the connection ends
}
