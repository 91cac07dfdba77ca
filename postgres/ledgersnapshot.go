package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

const (
	lookAtOnce = 500    // numbers of one statement
	historyMax = 10_000 // rows of one number that are shown
)

// Snapshot implements [consent.Ledger]. All snapshots are of one instant.
func (l *Ledger) Snapshot(ctx context.Context, numbers ...phone.Number) ([]consent.Snapshot, error) {
	if slices.ContainsFunc(numbers, phone.Number.IsZero) {
		return nil, errNoNumber
	}
	calls, err := l.calls.get(ctx, l)
	if err != nil {
		return nil, err
	}
	list := make([]consent.Snapshot, 0, len(numbers))
	s := l.headState()
	err = l.view(ctx, func(tx pgx.Tx) error {
		skew, err := l.skew(ctx, tx)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(numbers, lookAtOnce) {
			tokens := l.distinct(some)
			var k known
			b := &pgx.Batch{}
			if len(list) == 0 {
				l.queueHeadState(b, &s, "")
			}
			l.queueKeys(b, &k, tokens)
			l.queuePeople(b, &k, tokens)
			l.queueFacts(b, &k, tokens)
			if err := tx.SendBatch(ctx, b).Close(); err != nil {
				return err
			}
			if len(list) == 0 {
				if err := l.judge(ctx, tx, &s); err != nil {
					return err
				}
				l.found(&s)
			}
			s.skew = skew
			k.recall(tokens, s.at)
			k.judge(tokens, s.age)
			for _, n := range some {
				list = append(list, l.snapshot(n, &s, &k, calls))
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: look: %w", err)
	}
	return list, nil
}

// snapshot is what a transaction knows of a number.
func (l *Ledger) snapshot(n phone.Number, s *headState, k *known, calls map[consent.Campaign]consent.Calls) consent.Snapshot {
	token := l.token(n)
	snapshot := consent.Snapshot{AsOf: s.at, Facts: about(n, k.facts[token]), Calls: calls}
	l.about(&snapshot, s)
	if problem := k.broken[token]; problem != "" {
		snapshot.Broken = problem
	}
	return snapshot
}

// about adds to a snapshot what is known of the ledger itself.
func (l *Ledger) about(to *consent.Snapshot, s *headState) {
	to.Broken, to.Lost, to.RestoredAt, to.AnchoredAt, to.ClockSkew = s.broken, s.restored, s.restoredAt, s.anchored, s.skew
	if at := l.verified.Load(); at != nil {
		to.VerifiedAt = *at
	}
	if at := l.outside.Load(); at != nil {
		to.OutsideAt = *at
	}
}

func (l *Ledger) distinct(numbers []phone.Number) [][]byte {
	seen := make(map[proof.Sum]bool)
	var list [][]byte
	for _, n := range numbers {
		if t := l.token(n); !seen[t] {
			seen[t] = true
			list = append(list, t[:])
		}
	}
	return list
}

// view runs f in a transaction that reads one state of the ledger.
func (l *Ledger) view(ctx context.Context, f func(pgx.Tx) error) error {
	tx, err := l.db.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer rollback(tx)
	return f(tx)
}

// History is all that the ledger knows of a number, decisions included, the newest
// last; of more than 10,000 rows the newest. Of somebody who was erased it is what
// is left.
func (l *Ledger) History(ctx context.Context, n phone.Number) ([]consent.Fact, error) {
	if n.IsZero() {
		return nil, errNoNumber
	}
	token := l.token(n)
	facts, err := l.read(ctx, `
		(select `+rowColumns+` from consent_ledger where token = $1 and type <> 'decision' order by seq desc limit $2)
		union all
		(select `+rowColumns+` from consent_ledger where token = $1 and type = 'decision' order by seq desc limit $2)`, token[:], historyMax)
	if err != nil {
		return nil, fmt.Errorf("postgres: the ledger: history: %w", err)
	}
	facts = facts[max(0, len(facts)-historyMax):]
	return about(n, facts), nil
}

// Fact is one row. It is an error if there is none.
func (l *Ledger) Fact(ctx context.Context, seq int64) (consent.Fact, error) {
	facts, err := l.read(ctx, `select `+rowColumns+` from consent_ledger where seq = $1`, seq)
	if err == nil && len(facts) == 0 {
		err = pgx.ErrNoRows
	}
	if err != nil {
		return consent.Fact{}, fmt.Errorf("postgres: the ledger: row %d: %w", seq, err)
	}
	return facts[0], nil
}

// read is the facts of rows, in their order. One that can't be trusted is an error.
func (l *Ledger) read(ctx context.Context, query string, args ...any) (facts []consent.Fact, err error) {
	err = l.view(ctx, func(tx pgx.Tx) (err error) {
		facts, err = l.readOn(ctx, tx, query, args...)
		return err
	})
	return facts, err
}

// readOn is read on a connection.
func (l *Ledger) readOn(ctx context.Context, conn reader, query string, args ...any) ([]consent.Fact, error) {
	rows, _ := conn.Query(ctx, query, args...)
	list, err := pgx.CollectRows(rows, collectRow)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b proof.Row) int { return int(a.Seq - b.Seq) })
	k, err := l.keysOf(ctx, conn, list)
	if err != nil {
		return nil, err
	}
	var facts []consent.Fact
	for i := range list {
		f, err := k.fact(&list[i])
		if err != nil {
			return nil, &badRow{list[i].Seq, err.Error()}
		}
		facts = append(facts, f)
	}
	return facts, nil
}

func collectRow(row pgx.CollectableRow) (r proof.Row, err error) {
	err = row.Scan(&r.Seq, (*sum)(&r.Prev), (*sum)(&r.Hash), &r.RecordedAt, (*sum)(&r.Token), &r.Type, &r.Seller, &r.Mark, &r.Body, (*sum)(&r.MAC))
	return r, err
}

// keysOf reads the data keys that rows need.
func (l *Ledger) keysOf(ctx context.Context, conn batcher, rows []proof.Row) (*known, error) {
	seen := make(map[proof.Sum]bool)
	var tokens [][]byte
	for i := range rows {
		if t := rows[i].Token; !seen[t] {
			seen[t] = true
			tokens = append(tokens, rows[i].Token[:])
		}
	}
	k := &known{}
	b := &pgx.Batch{}
	l.queueKeys(b, k, tokens)
	return k, conn.SendBatch(ctx, b).Close()
}

// batcher is a connection or a transaction.
type batcher interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// reader is one that answers single questions, too.
type reader interface {
	batcher
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}
