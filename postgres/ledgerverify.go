package postgres

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
)

// Verify computes the whole chain again, from the first row, in one state of the
// ledger: every row's hash, every column against its row's body, their order, their
// times; then the head row, all anchors (those of the file, too), and that every
// data key opens. A problem stops this ledger from letting calls be placed, until a
// later Verify finds none. An error is one of reading.
func (l *Ledger) Verify(ctx context.Context) (consent.VerifyResult, error) {
	anchors, err := readAnchors(*l.anchorDir.Load()) // before the rows: it names none that come later
	if err != nil {
		return consent.VerifyResult{}, err
	}
	v := &verification{l: l, anchors: anchors}
	err = l.view(ctx, func(tx pgx.Tx) error { return v.run(ctx, tx) })
	var bad *badRow
	if err != nil && !errors.As(err, &bad) {
		return consent.VerifyResult{}, fmt.Errorf("postgres: verify the ledger: %w", err)
	}
	r := consent.VerifyResult{OK: bad == nil, Rows: v.chain.Seq, Head: v.chain.Hash.String()}
	if bad == nil {
		l.broken.Store(nil)
		return r, nil
	}
	r.Problem, r.FirstBad = bad.Error(), bad.seq
	l.broken.Store(&r.Problem)
	return r, nil
}

// badRow is a problem that was found, perhaps at a row.
type badRow struct {
	seq  int64
	text string
}

func (b *badRow) Error() string {
	if b.seq == 0 {
		return b.text
	}
	return fmt.Sprintf("row %d: %s", b.seq, b.text)
}

type verification struct {
	l       *Ledger
	anchors []anchor // in the order of their rows; those that are passed are gone
	chain   consent.Chain
}

func (v *verification) run(ctx context.Context, tx pgx.Tx) error {
	// The order of the index is the order of the rows on disk; sorting them again
	// would write all of them into a file first.
	if _, err := tx.Exec(ctx, `select set_config('statement_timeout', '0', true), set_config('enable_sort', 'off', true)`); err != nil {
		return err
	}
	var at int64
	var head sum
	err := tx.QueryRow(ctx, `select at, head from ledger_head`).Scan(&at, &head)
	if errors.Is(err, pgx.ErrNoRows) {
		return &badRow{0, "the ledger's head row is missing"}
	}
	if err != nil {
		return err
	}
	kept, err := storedAnchors(ctx, tx)
	if err != nil {
		return err
	}
	v.anchors = mergeAnchors(v.anchors, kept)
	if err := v.pass(0, consent.Sum{}); err != nil {
		return err
	}
	if err := v.rows(ctx, tx); err != nil {
		return err
	}
	switch {
	case at != v.chain.Seq:
		return &badRow{v.chain.Seq + 1, fmt.Sprintf("the ledger ends at row %d, its head row says %d", v.chain.Seq, at)}
	case consent.Sum(head) != v.chain.Hash:
		return &badRow{at, "it is not the one that the ledger's head row names"}
	case len(v.anchors) > 0:
		return &badRow{v.chain.Seq + 1, fmt.Sprintf("the ledger ends at row %d, an anchor of %s names row %d", v.chain.Seq, v.anchors[0].At.Format(time.DateOnly), v.anchors[0].Seq)}
	}
	return v.keys(ctx, tx)
}

// pass holds a row that was verified to the anchors that name it.
func (v *verification) pass(seq int64, hash consent.Sum) error {
	for len(v.anchors) > 0 && v.anchors[0].Seq <= seq {
		if a := v.anchors[0]; a.Seq < seq || a.Hash != hash.String() {
			return &badRow{seq, fmt.Sprintf("it is not the one that an anchor of %s names", a.At.Format(time.DateOnly))}
		}
		v.anchors = v.anchors[1:]
	}
	return nil
}

// chunk is rows on their way from the one who reads to the one who computes.
type chunk struct {
	rows  []consent.Row
	bytes []byte // behind the rows' bodies
	err   error  // of reading, behind the rows
}

const chunkRows, chunkBytes = 512, 512 << 10

// rows reads in one goroutine and computes in another.
func (v *verification) rows(ctx context.Context, tx pgx.Tx) error {
	ctx, cancel := context.WithCancel(ctx)
	full, empty := make(chan *chunk, 4), make(chan *chunk, 4)
	for range cap(empty) {
		empty <- &chunk{rows: make([]consent.Row, 0, chunkRows), bytes: make([]byte, 0, chunkBytes)}
	}
	go func() {
		defer close(full)
		readRows(ctx, tx, full, empty)
	}()
	defer func() {
		cancel()
		for range full { // until the reader has ended
		}
	}()
	for c := range full {
		for i := range c.rows {
			r := &c.rows[i]
			if err := v.chain.Next(r); err != nil {
				return &badRow{min(r.Seq, v.chain.Seq+1), err.Error()}
			}
			if len(v.anchors) > 0 {
				if err := v.pass(r.Seq, r.Hash); err != nil {
					return err
				}
			}
		}
		if c.err != nil {
			return c.err
		}
		c.rows, c.bytes = c.rows[:0], c.bytes[:0]
		empty <- c
	}
	return nil
}

func readRows(ctx context.Context, tx pgx.Tx, full chan<- *chunk, empty <-chan *chunk) {
	rows, err := tx.Query(ctx, `select `+rowColumns+` from consent_ledger order by seq`)
	c, seen := <-empty, make(words)
	if err == nil {
		for rows.Next() {
			raw := rows.RawValues()
			if len(c.rows) == chunkRows || len(c.bytes)+len(raw[8]) > chunkBytes && len(c.rows) > 0 {
				full <- c // it has room for all
				select {
				case c = <-empty:
				case <-ctx.Done():
					rows.Close()
					return
				}
			}
			c.add(raw, seen)
		}
		rows.Close()
		err = rows.Err()
	}
	c.err = err
	full <- c
}

// microsOf2000 is the server's epoch.
var microsOf2000 = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// add takes a row as the wire's binary form has it. What should not be null and is,
// becomes something that no row can have.
func (c *chunk) add(raw [][]byte, seen words) {
	c.rows = append(c.rows, consent.Row{})
	r := &c.rows[len(c.rows)-1]
	for i, into := range []*consent.Sum{1: &r.Prev, 2: &r.Hash, 4: &r.Token} {
		if into != nil {
			_ = (*sum)(into).ScanBytes(raw[i]) // never fails
		}
	}
	r.Seq = int64(number(raw[0]))
	micros := int64(number(raw[3]))
	if micros > math.MaxInt64-microsOf2000 { // infinity
		micros = math.MinInt64
	}
	r.RecordedAt = time.UnixMicro(micros + microsOf2000)
	r.Type, r.Seller, r.Mark = consent.Type(seen.text(raw[5])), seen.text(raw[6]), consent.Mark(seen.text(raw[7]))
	start := len(c.bytes)
	c.bytes = append(c.bytes, raw[8]...)
	r.Body = c.bytes[start:len(c.bytes):len(c.bytes)]
}

// words keeps the types, sellers and marks that were read, which are few.
type words map[string]string

func (w words) text(b []byte) string {
	if b == nil {
		return "\x00" // no text of the server's can hold it
	}
	if word, ok := w[string(b)]; ok {
		return word
	}
	if len(w) > 10_000 {
		clear(w)
	}
	word := string(b)
	w[word] = word
	return word
}

func number(b []byte) uint64 {
	if len(b) != 8 {
		return math.MaxUint64
	}
	return binary.BigEndian.Uint64(b)
}

// keys holds every data key to its wrapping.
func (v *verification) keys(ctx context.Context, tx pgx.Tx) error {
	rows, _ := tx.Query(ctx, `select token, id, wrapped from ledger_keys`)
	var token sum
	var id, wrapped []byte
	_, err := pgx.ForEachRow(rows, []any{&token, &id, &wrapped}, func() error {
		if _, err := v.l.box.unwrap(consent.Sum(token), hex.EncodeToString(id), wrapped); err != nil {
			return &badRow{0, "a person's data key was changed: what is sealed under it can't be opened"}
		}
		return nil
	})
	return err
}
