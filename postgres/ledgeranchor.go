package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// How often the head is written down. While there are new rows no anchor is older
// than a minute; without any, more often than the day that a policy allows.
const (
	anchorEvery = 45 * time.Second // leaves 15 s for the writing
	anchorIdle  = 6 * time.Hour
)

// Anchor writes the head of the ledger down: in the file anchors.ndjson of a folder, and
// in the database. Verify looks into that folder from then on. The file is only ever
// added to. Copies elsewhere are KeepAnchored's: no start waits for them.
func (l *Ledger) Anchor(ctx context.Context, dir string) error {
	s, err := l.stand(ctx)
	if err == nil {
		_, err = l.anchor(ctx, dir, &s)
	}
	if err != nil {
		return fmt.Errorf("postgres: anchor the ledger: %w", err)
	}
	return nil
}

// stand reads how the chain stands.
func (l *Ledger) stand(ctx context.Context) (headState, error) {
	s := l.headState()
	err := l.view(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		l.queueHeadState(b, &s, "")
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		return l.judge(ctx, tx, &s)
	})
	l.found(&s)
	return s, err
}

func (l *Ledger) anchor(ctx context.Context, dir string, s *headState) (a consent.Anchor, err error) {
	if problem := cmp.Or(s.broken, s.restored); problem != "" {
		return a, errors.New(problem)
	}
	a = consent.Anchor{Seq: s.at, Hash: s.head.String(), At: s.now.UTC().Truncate(time.Microsecond)}
	if err := errors.Join(l.high.sync(), appendAnchor(dir, a)); err != nil {
		return a, err
	}
	l.anchorDir.Store(&dir)
	return a, l.storeAnchor(ctx, s.at, s.head, a.At)
}

// storeAnchor puts an anchor into the database, where other instances see it.
func (l *Ledger) storeAnchor(ctx context.Context, seq int64, head proof.Sum, at time.Time) error {
	mac := l.macs.anchor(seq, head, at)
	_, err := l.db.pool.Exec(ctx, `insert into ledger_anchors (at, head, anchored_at, mac) values ($1, $2, $3, $4) on conflict do nothing`, seq, head[:], at, mac[:])
	return err
}

// KeepAnchored anchors the ledger now, after each refusal that this instance writes,
// and within a minute of any new row, until ctx ends. Copies elsewhere are kept beside
// that: a store that hangs delays no anchor.
func (l *Ledger) KeepAnchored(ctx context.Context, dir string, log zerolog.Logger) {
	l.keepAnchored(ctx, dir, log, anchorEvery)
}

func (l *Ledger) keepAnchored(ctx context.Context, dir string, log zerolog.Logger, every time.Duration) {
	newest := make(chan consent.Anchor, 1)
	var copying sync.WaitGroup
	defer copying.Wait()
	if l.cfg.Copies != nil {
		copying.Go(func() { l.copyAnchors(ctx, newest, log) })
	}
	var last consent.Anchor
	for wait := time.Duration(0); ; wait = every {
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-l.refused:
			timer.Stop()
		}
		s, err := l.stand(ctx)
		if err == nil && (s.at != last.Seq || time.Since(last.At) > anchorIdle || last.At.IsZero()) {
			var a consent.Anchor
			if a, err = l.anchor(ctx, dir, &s); err == nil {
				last = consent.Anchor{Seq: s.at, At: time.Now()}
				select { // one that still waits is older
				case <-newest:
				default:
				}
				newest <- a
			}
		}
		if err != nil && ctx.Err() == nil {
			log.Error().Err(err).Msg("consent ledger not anchored; without a new anchor, calls stop after a day")
		}
	}
}

// storedAnchors is the database's. One whose MAC is wrong was changed; those of
// before the upgrade have none.
func (l *Ledger) storedAnchors(ctx context.Context, tx pgx.Tx) ([]consent.Anchor, error) {
	rows, _ := tx.Query(ctx, `select at, head, anchored_at, mac, mac is null from ledger_anchors`)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a consent.Anchor, err error) {
		var head, mac sum
		var old bool
		if err = row.Scan(&a.Seq, &head, &a.At, &mac, &old); err == nil && !l.ours(a.Seq, head, a.At, mac, old) {
			err = &badRow{a.Seq, "an anchor that names it was changed"}
		}
		a.Hash = proof.Sum(head).String()
		return a, err
	})
}

// ours tells whether this program wrote an anchor of the database. One without a MAC is
// of before the upgrade, or is none: anybody could add it.
func (l *Ledger) ours(seq int64, head sum, at time.Time, mac sum, none bool) bool {
	if none {
		taken := l.takenAt.Load()
		return l.unknown.Load() || seq <= l.before.Load() && (taken == nil || !at.After(*taken))
	}
	return holds(proof.Sum(mac), l.macs.anchor(seq, proof.Sum(head), at))
}

// mergeAnchors is all anchors in the order of the rows that they name. One with a
// date to come is none.
func mergeAnchors(now time.Time, lists ...[]consent.Anchor) []consent.Anchor {
	all := slices.DeleteFunc(slices.Concat(lists...), func(a consent.Anchor) bool { return a.At.After(now.Add(maxSkew)) })
	slices.SortFunc(all, func(a, b consent.Anchor) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), a.At.Compare(b.At), cmp.Compare(a.Hash, b.Hash))
	})
	return all
}
