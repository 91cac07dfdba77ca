package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Next is what a call shall follow when its stream ends.
type Next struct {
	Document string // TwiML
	Step     string // JSON that says the same; empty where an older version left the document
}

// SetNext leaves what a call shall follow when its stream ends. The later of two counts.
// Nobody asks for it after 10 minutes.
func (db *DB) SetNext(ctx context.Context, callSID string, n Next) error {
	_, err := db.pool.Exec(ctx, `
		with swept as (delete from call_next where created_at < now() - interval '10 minutes' and call_sid <> $1)
		insert into call_next (call_sid, document, step, step_of) values ($1, $2, $3, sha256(convert_to($2, 'UTF8')))
		on conflict (call_sid) do update set document = excluded.document, step = excluded.step, step_of = excluded.step_of,
			created_at = excluded.created_at`,
		callSID, n.Document, n.Step)
	if err != nil {
		return fmt.Errorf("postgres: set what a call follows next: %w", err)
	}
	return nil
}

// TakeNext returns what SetNext left, once.
func (db *DB) TakeNext(ctx context.Context, callSID string) (n Next, found bool, err error) {
	err = db.pool.QueryRow(ctx, `
		delete from call_next where call_sid = $1 and created_at >= now() - interval '10 minutes'
		returning document, case when step_of = sha256(convert_to(document, 'UTF8')) then step else '' end`,
		callSID).Scan(&n.Document, &n.Step)
	if errors.Is(err, pgx.ErrNoRows) {
		return Next{}, false, nil
	}
	if err != nil {
		return Next{}, false, fmt.Errorf("postgres: take what a call follows next: %w", err)
	}
	return n, true, nil
}
