package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
)

// standing is how the chain stands, as one transaction sees it.
type standing struct {
	at   int64       // of the newest row
	head consent.Sum // its hash
	last time.Time   // when it was recorded

	broken   string
	now      time.Time // by the server's clock
	skew     time.Duration
	anchored time.Time
}

// skew is how far the server's clock is ahead of ours, give or take half a round
// trip. What is to be done before must wait for nothing.
func (l *Ledger) skew(ctx context.Context, conn batcher, before ...string) (time.Duration, error) {
	b := &pgx.Batch{}
	for _, statement := range before {
		b.Queue(statement)
	}
	var theirs time.Time
	b.Queue(`select clock_timestamp()`).QueryRow(func(row pgx.Row) error { return row.Scan(&theirs) })
	sent := l.cfg.Now()
	err := conn.SendBatch(ctx, b).Close()
	back := l.cfg.Now()
	return theirs.Sub(sent.Add(back.Sub(sent) / 2)), err
}

// queueStanding asks for the chain's standing. Lock holds the head until the
// transaction ends; what is asked for behind it is as of then.
func (l *Ledger) queueStanding(b *pgx.Batch, s *standing, lock string) {
	b.Queue(`select at, head from ledger_head` + lock).Query(func(rows pgx.Rows) error {
		n := 0
		for ; rows.Next(); n++ {
			if err := rows.Scan(&s.at, (*sum)(&s.head)); err != nil {
				return err
			}
		}
		if n != 1 && rows.Err() == nil {
			return errors.New("the head row is missing")
		}
		return rows.Err()
	})
	b.Queue(`select clock_timestamp(), (select max(anchored_at) from ledger_anchors)`).QueryRow(func(row pgx.Row) error {
		var anchored *time.Time
		err := row.Scan(&s.now, &anchored)
		if anchored != nil {
			s.anchored = *anchored
		}
		return err
	})
	b.Queue(`select ` + rowColumns + ` from consent_ledger order by seq desc limit 1`).Query(func(rows pgx.Rows) error {
		var last consent.Row
		for rows.Next() {
			if err := scanRow(rows, &last); err != nil {
				return err
			}
		}
		s.hold(l, &last)
		return rows.Err()
	})
}

// hold compares the head row with the newest row, which has Seq 0 if there is none.
// Where they differ the later one is gone on from: a revocation has to find its
// place in a broken chain, too.
func (s *standing) hold(l *Ledger, last *consent.Row) {
	s.last = last.RecordedAt
	switch {
	case last.Seq != s.at:
		s.broken = fmt.Sprintf("the ledger's newest row is %d, its head says %d", last.Seq, s.at)
	case last.Hash != s.head:
		s.broken = fmt.Sprintf("row %d is not the one that the ledger's head names", last.Seq)
	case last.Seq > 0:
		if err := cmp.Or(last.Check(), l.authentic(last)); err != nil {
			s.broken = fmt.Sprintf("row %d: %v", last.Seq, err)
		}
	}
	if last.Seq > s.at {
		s.at, s.head = last.Seq, last.Hash
	}
	if s.broken == "" && s.now.Before(s.last.Add(-maxSkew)) {
		s.broken = "the ledger's clock has gone back behind its newest row"
	}
}
