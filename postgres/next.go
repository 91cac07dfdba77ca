package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// SetNext leaves the document (TwiML) that a call shall follow when its stream
// ends. The later of two counts. Nobody asks for it after 10 minutes.
func (db *DB) SetNext(ctx context.Context, callSID, document string) error {
	_, err := db.pool.Exec(ctx, `
		with swept as (delete from call_next where created_at < now() - interval '10 minutes' and call_sid <> $1)
		insert into call_next (call_sid, document) values ($1, $2)
		on conflict (call_sid) do update set document = excluded.document, created_at = excluded.created_at`,
		callSID, document)
	if err != nil {
		return fmt.Errorf("postgres: set what a call follows next: %w", err)
	}
	return nil
}

// TakeNext returns the document that SetNext left, once.
func (db *DB) TakeNext(ctx context.Context, callSID string) (document string, found bool, err error) {
	err = db.pool.QueryRow(ctx, `
		delete from call_next where call_sid = $1 and created_at >= now() - interval '10 minutes'
		returning document`, callSID).Scan(&document)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("postgres: take what a call follows next: %w", err)
	}
	return document, true, nil
}
