package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
)

// ErrNothingMissing is that a ledger is no older copy of itself.
var ErrNothingMissing = errors.New("postgres: no rows of the ledger are missing")

// Missing is the rows that were lost because the ledger is an older copy of itself,
// by all that is known: what this instance has seen, its file, and the anchors in the
// database, in the file and elsewhere. Since is when the last row before them was
// recorded. The error is ErrNothingMissing if there are none.
func (l *Ledger) Missing(ctx context.Context) (lost consent.Rows, since time.Time, err error) {
	outside, err := l.knownOutside(ctx)
	if err != nil {
		return lost, since, err
	}
	err = l.view(ctx, func(tx pgx.Tx) error {
		known, err := l.missed(ctx, tx, outside)
		if err != nil {
			return err
		}
		if lost, err = l.lost(ctx, tx, known); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `select recorded_at from consent_ledger where seq = $1`, lost.From-1).Scan(&since)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil && !errors.Is(err, ErrNothingMissing) {
		err = fmt.Errorf("postgres: find out which rows are missing: %w", err)
	}
	return lost, since, err
}

// missed is the highest of all known rows that the ledger lacks and no recovery explains.
func (l *Ledger) missed(ctx context.Context, tx pgx.Tx, outside []consent.Anchor) (highest consent.Anchor, err error) {
	kept, err := l.storedAnchors(ctx, tx)
	if err != nil {
		return highest, err
	}
	s := l.headState()
	if err := tx.QueryRow(ctx, `select clock_timestamp(), (select coalesce(max(seq), 0) from consent_ledger where type = 'restored' and seq > 0)`).Scan(&s.now, &s.restoredAt); err != nil {
		return highest, err
	}
	if err := l.knowRestores(ctx, tx, &s); err != nil {
		return highest, err
	}
	all := mergeAnchors(s.now, outside, kept)
	seqs, hashes := make([]int64, len(all)), make([]string, len(all))
	for i, a := range all {
		seqs[i], hashes[i] = a.Seq, a.Hash
	}
	rows, _ := tx.Query(ctx, `
		select a.nth - 1 from unnest($1::bigint[], $2::text[]) with ordinality a (seq, hash, nth)
			left join consent_ledger c on c.seq = a.seq
		where a.seq > 0 and decode(a.hash, 'hex') is distinct from c.hash`, seqs, hashes)
	var i int
	_, err = pgx.ForEachRow(rows, []any{&i}, func() error {
		if a := all[i]; a.Seq >= highest.Seq && !l.explained(a) {
			highest = a
		}
		return nil
	})
	if err == nil && highest.Seq == 0 {
		err = ErrNothingMissing
	}
	return highest, err
}

// Recover appends a row that says which rows were lost, who saw to it and why, and lets
// decisions go on: about people who agree after it. The rest is held, by the rule
// ledger.restored: nobody knows what they said in what was lost.
func (l *Ledger) Recover(ctx context.Context, by, why string) (consent.Fact, error) {
	lost, _, err := l.Missing(ctx)
	if err != nil {
		return consent.Fact{}, err
	}
	f := consent.Fact{Type: consent.Restored, OccurredAt: l.cfg.Now(), Source: "recover", Actor: "cli", Via: consent.ViaCLI, By: by, Why: why, Rows: &lost}
	receipts, err := l.Record(ctx, f)
	if err != nil {
		return consent.Fact{}, err
	}
	l.missing.Store(nil)
	f.Seq, f.Hash = receipts[0].Seq, receipts[0].Hash
	return f, nil
}

// AskInstances asks all instances to tell the ledger what they remember of rows that
// are missing: each records again the refusals that it has in memory.
func (l *Ledger) AskInstances(ctx context.Context) error {
	_, err := l.db.pool.Exec(ctx, `select pg_notify('`+ledgerChannel+`', '0')`)
	if err != nil {
		return fmt.Errorf("postgres: ask the other instances: %w", err)
	}
	return nil
}
