package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// headState is the state of the chain, as one transaction sees it.
type headState struct {
	at   int64     // of the newest row
	head proof.Sum // its hash
	last time.Time // when it was recorded

	broken   string
	restored string    // it is an older copy of itself
	now      time.Time // by the server's clock
	skew     time.Duration
	anchored time.Time

	age        int   // of what this instance remembers of people
	high       point // the newest row that this instance has seen
	anchor     point // the highest that was anchored since the last recovery
	restoredAt int64 // the row of the last recovery; 0 for none
}

// headState is one to be read. What this instance has seen is noted before the
// transaction that reads it begins, or another one's row could be newer than what
// that sees.
func (l *Ledger) headState() headState {
	return headState{age: l.seen.begin(), high: point{Anchor: l.high.get()}}
}

// newest is the newest row.
func (s *headState) newest() consent.Anchor {
	return consent.Anchor{Seq: s.at, Hash: s.head.String(), At: s.last}
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

// queueHeadState asks for the state of the chain's head. Lock holds the head until the
// transaction ends; what is asked for behind it is as of then.
func (l *Ledger) queueHeadState(b *pgx.Batch, s *headState, lock string) {
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
	b.Queue(`
		select clock_timestamp(), (select coalesce(max(seq), 0) from consent_ledger where type = 'restored' and seq > 0), a.at, a.head, a.anchored_at, a.mac, a.mac is null
		from (values (1)) one left join lateral (select * from ledger_anchors where anchored_at <= clock_timestamp() order by anchored_at desc, at desc limit 1) a on true`).QueryRow(func(row pgx.Row) error {
		var at *int64
		var head, mac sum
		var anchored *time.Time
		var old bool
		err := row.Scan(&s.now, &s.restoredAt, &at, &head, &anchored, &mac, &old)
		if at != nil && anchored != nil && l.ours(*at, head, *anchored, mac, old) { // what somebody else wrote is no anchor
			s.anchored = *anchored
		}
		return err
	})
	l.queuePoint(b, &s.high)
	l.queueAnchored(b, s)
	b.Queue(`select ` + rowColumns + ` from consent_ledger order by seq desc limit 1`).Query(func(rows pgx.Rows) error {
		var last proof.Row
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
func (s *headState) hold(l *Ledger, last *proof.Row) {
	s.last = last.RecordedAt
	switch {
	case last.Seq != s.at:
		s.broken = fmt.Sprintf("the ledger's newest row is %d, but its head names %d", last.Seq, s.at)
	case last.Hash != s.head:
		s.broken = fmt.Sprintf("row %d does not match the ledger's head", last.Seq)
	case last.Seq > 0:
		if err := cmp.Or(last.Check(), l.authentic(last)); err != nil {
			s.broken = fmt.Sprintf("row %d: %v", last.Seq, err)
		}
	}
	if last.Seq > s.at {
		s.at, s.head = last.Seq, last.Hash
	}
	if s.broken == "" && s.now.Before(s.last.Add(-maxSkew)) {
		s.broken = "the ledger's clock is behind its newest row"
	}
}
