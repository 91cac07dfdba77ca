package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgxlisten"

	"github.com/patchcord/patchcord/consent"
)

// ledgerChannel tells that somebody said no; it carries the newest row.
const ledgerChannel = "patchcord_ledger"

// stopsAtOnce bounds one reading of rows that tell of a no.
const stopsAtOnce = 1000

// Watch gives fn every fact by which a person says no (revoke, dnc_add,
// optout_in_call) or a number turns out to be somebody else's, whichever instance
// wrote it, within a second, until ctx ends; it then returns why it ended. Facts of
// before are not given. After a lost connection it goes on where it was, by the
// rows' numbers. Fn should only pass a fact on, since the next ones wait for it.
func (l *Ledger) Watch(ctx context.Context, fn func(consent.Fact)) error {
	w := &watch{l: l, fn: fn, last: -1}
	listener := &pgxlisten.Listener{
		Connect: func(ctx context.Context) (*pgx.Conn, error) {
			return pgx.ConnectConfig(ctx, l.db.pool.Config().ConnConfig)
		},
		LogError: func(ctx context.Context, err error) {
			if ctx.Err() == nil {
				l.cfg.Log.Warn().Err(err).Msg("revocation watch interrupted; rereading what it missed")
			}
		},
		ReconnectDelay: 200 * time.Millisecond,
	}
	listener.Handle(ledgerChannel, w)
	return fmt.Errorf("postgres: watch the ledger: %w", listener.Listen(ctx))
}

type watch struct {
	l    *Ledger
	fn   func(consent.Fact)
	last int64 // row up to which all is told; -1 before the first connection
}

// HandleNotification implements pgxlisten.Handler.
func (w *watch) HandleNotification(ctx context.Context, n *pgconn.Notification, conn *pgx.Conn) error {
	to, err := strconv.ParseInt(n.Payload, 10, 64)
	if err != nil {
		return fmt.Errorf("a notification of the ledger does not carry a row's number: %w", err)
	}
	if to < w.last { // the ledger is an older copy of itself: what is new in it has numbers that were told before
		w.last = max(0, to-stopsAtOnce)
		if _, err := w.l.stand(ctx); err != nil {
			return err
		}
	}
	return w.read(ctx, conn, to)
}

// HandleBacklog implements pgxlisten.BacklogHandler. Rows are committed in the order
// of their numbers, so that nothing appears behind what was read.
func (w *watch) HandleBacklog(ctx context.Context, _ string, conn *pgx.Conn) error {
	var at int64
	if err := conn.QueryRow(ctx, `select at from ledger_head`).Scan(&at); err != nil {
		return giveUp(ctx, conn, err)
	}
	if w.last < 0 {
		w.last = at
	}
	return w.read(ctx, conn, at)
}

// read tells of the rows behind the last one that was told, up to a row.
func (w *watch) read(ctx context.Context, conn *pgx.Conn, to int64) error {
	for w.last < to {
		rows, _ := conn.Query(ctx, `select `+rowColumns+` from consent_ledger where mark = 'stop' and seq > $1 and seq <= $2 order by seq limit $3`, w.last, to, stopsAtOnce)
		list, err := pgx.CollectRows(rows, collectRow)
		if err != nil {
			return giveUp(ctx, conn, err)
		}
		k, err := w.l.keysOf(ctx, conn, list)
		if err != nil {
			return giveUp(ctx, conn, err)
		}
		for i := range list {
			f, err := k.fact(&list[i])
			if err != nil {
				w.l.cfg.Log.Error().Err(err).Int64("seq", list[i].Seq).Msg("row of the consent ledger does not verify")
			} else {
				w.l.remember(f)
				w.fn(f)
			}
			w.last = list[i].Seq
		}
		if len(list) < stopsAtOnce {
			w.last = to
		}
	}
	return nil
}

// giveUp closes a connection on which reading failed, so that the listener makes a
// new one and reads again.
func giveUp(ctx context.Context, conn *pgx.Conn, err error) error {
	_ = conn.Close(ctx) // it is of no more use, whether it closes well or not
	return err
}
