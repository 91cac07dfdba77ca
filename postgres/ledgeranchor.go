package postgres

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
)

// The file of anchors, and how often it grows: more often than the day that a
// policy allows, so that one attempt may fail.
const (
	anchorFile  = "anchors.ndjson"
	anchorEvery = 6 * time.Hour
	anchorAgain = time.Minute // after one that failed
)

// anchor is a head that was written down elsewhere. What is cut off the ledger's end
// later, or put in its place, is found by it.
type anchor struct {
	Seq  int64     `json:"seq"`
	Hash string    `json:"hash"` // hex
	At   time.Time `json:"anchored_at"`
}

// Anchor writes the head of the ledger down, in the file anchors.ndjson of a folder
// and in the database, and has Verify look into that folder from then on. The file is
// only ever added to; copies of it elsewhere, where whoever owns the database can't
// reach them, are worth the most.
func (l *Ledger) Anchor(ctx context.Context, dir string) error {
	var s standing
	err := l.view(ctx, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		l.queueStanding(b, &s, "")
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil && s.broken != "" {
		err = errors.New(s.broken)
	}
	if err != nil {
		return fmt.Errorf("postgres: anchor the ledger: %w", err)
	}
	at := s.now.UTC().Truncate(time.Microsecond)
	if err := appendAnchor(dir, anchor{s.at, s.head.String(), at}); err != nil {
		return fmt.Errorf("postgres: anchor the ledger: %w", err)
	}
	l.anchorDir.Store(&dir)
	if _, err := l.db.pool.Exec(ctx, `insert into ledger_anchors (at, head, anchored_at) values ($1, $2, $3) on conflict do nothing`, s.at, s.head[:], at); err != nil {
		return fmt.Errorf("postgres: anchor the ledger: %w", err)
	}
	return nil
}

// KeepAnchored anchors the ledger now and every six hours, until ctx ends. Each
// head is in the log, too, which is one more place.
func (l *Ledger) KeepAnchored(ctx context.Context, dir string, log zerolog.Logger) {
	for wait := time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
		wait = anchorEvery
		if err := l.Anchor(ctx, dir); err != nil && ctx.Err() == nil {
			log.Error().Err(err).Msg("the consent ledger could not be anchored; without a new anchor calls stop after a day")
			wait = anchorAgain
		}
	}
}

// appendAnchor adds a line to the file, down to the disk.
func appendAnchor(dir string, a anchor) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, anchorFile), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	var end [1]byte
	if size, err := f.Seek(0, 2); err == nil && size > 0 {
		if _, err := f.ReadAt(end[:], size-1); err == nil && end[0] != '\n' { // a crash cut the last one off
			line = append([]byte{'\n'}, line...)
		}
	}
	_, err = f.Write(append(line, '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// readAnchors is the file's anchors. A line that a crash cut off is left out.
func readAnchors(dir string) ([]anchor, error) {
	if dir == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(dir, anchorFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("postgres: read the anchors: %w", err)
	}
	defer f.Close()
	var list []anchor
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var a anchor
		if err := json.Unmarshal(bytes.TrimSpace(lines.Bytes()), &a); err == nil {
			list = append(list, a)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("postgres: read the anchors: %w", err)
	}
	return list, nil
}

// storedAnchors is the database's.
func storedAnchors(ctx context.Context, tx pgx.Tx) ([]anchor, error) {
	rows, _ := tx.Query(ctx, `select at, head, anchored_at from ledger_anchors`)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a anchor, err error) {
		var head sum
		err = row.Scan(&a.Seq, &head, &a.At)
		a.Hash = consent.Sum(head).String()
		return a, err
	})
}

// mergeAnchors is all anchors in the order of the rows that they name.
func mergeAnchors(lists ...[]anchor) []anchor {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b anchor) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), a.At.Compare(b.At), cmp.Compare(a.Hash, b.Hash))
	})
	return all
}
