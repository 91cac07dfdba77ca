package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/patchcord/patchcord/calllog"
)

// claimCall also takes a call back from whoever took its bridge for dead.
const claimCall = `
update calls set instance = $2, epoch = epoch + 1, reaped_at = null
where id = $1 and epoch = $3 and outcome is not distinct from nullif($4, '')`

// Claim implements calllog.Store. The row's own lock decides between those who claim at once. All
// statements travel together: a caller hears nothing meanwhile.
func (s *Calls) Claim(ctx context.Context, c calllog.Claim) (call calllog.Call, err error) {
	all := &pgx.Batch{}
	claimed := false
	all.Queue(claimCall, c.ID, c.Instance, c.Epoch, c.Outcome).Exec(func(done pgconn.CommandTag) error {
		claimed = done.RowsAffected() == 1
		return nil
	})
	all.Queue(selectHeader+` where id = $1`, c.ID).Query(func(rows pgx.Rows) error {
		calls, err := pgx.CollectRows(rows, scanHeader)
		if err == nil && len(calls) == 0 {
			return calllog.ErrNotFound
		}
		if err == nil {
			call = calls[0]
		}
		return err
	})
	all.Queue(selectEntries, c.ID).Query(func(rows pgx.Rows) (err error) {
		call.Entries, err = pgx.CollectRows(rows, pgx.RowTo[calllog.Entry])
		return err
	})
	err = s.pool.SendBatch(ctx, all).Close()
	switch {
	case errors.Is(err, calllog.ErrNotFound):
		return call, calllog.ErrNotFound
	case err != nil:
		return call, applyError(err)
	case !claimed:
		return call, calllog.ErrClaimed
	}
	return call, nil
}
