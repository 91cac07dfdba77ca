package postgres

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// Verify computes the whole chain again, from the first row, in one state of the
// ledger: every row's hash and MAC, every column against its row's body, their order,
// their times, their ids; then the head row, how many rows there are of each person,
// that every data key opens, and all rows that were ever written down elsewhere: anchors in the
// database, in the file, of the last 31 days elsewhere, and what this instance has seen. A problem
// stops this ledger from letting calls be placed, until a later Verify finds none;
// where all is whole but rows are missing, until it was recovered. An error is one of
// reading.
func (l *Ledger) Verify(ctx context.Context) (proof.VerifyResult, error) {
	anchors, err := l.knownOutside(ctx) // before the rows: it names none that come later
	if err != nil {
		return proof.VerifyResult{}, err
	}
	v := &verification{l: l, anchors: anchors}
	err = l.view(ctx, func(tx pgx.Tx) error { return v.run(ctx, tx) })
	var bad *badRow
	if err != nil && !errors.As(err, &bad) {
		return proof.VerifyResult{}, fmt.Errorf("postgres: verify the ledger: %w", err)
	}
	r := proof.VerifyResult{OK: bad == nil, Rows: v.chain.Seq, Head: v.chain.Hash.String()}
	if bad == nil {
		l.broken.Store(nil)
		l.missing.Store(nil)
		now := l.cfg.Now().UTC()
		l.verified.Store(&now)
		return r, nil
	}
	if v.lost != nil {
		r.Problem, r.FirstBad, r.Lost = bad.text, bad.seq, v.lost
		l.broken.Store(nil)
		l.missing.Store(&missing{r.Problem, *v.missed})
		l.tell(*v.lost, v.missed.At)
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
	anchors []consent.Anchor // in the order of their rows; those that are passed are gone
	missed  *consent.Anchor  // the highest of those whose row is another, or missing
	lost    *consent.Rows    // what is missing, if all that is there is whole
	chain   proof.Chain
	ids     [][16]byte
	sealed  sealedRows
	each    func(*proof.Row) error // takes rows over whose MACs are still to be made
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
	kept, err := v.l.storedAnchors(ctx, tx)
	if err != nil {
		return err
	}
	var now time.Time
	s := v.l.headState()
	if err := tx.QueryRow(ctx, `select clock_timestamp(), (select coalesce(max(seq), 0) from consent_ledger where type = 'restored' and seq > 0)`).Scan(&now, &s.restoredAt); err != nil {
		return err
	}
	if err := v.l.knowRestores(ctx, tx, &s); err != nil {
		return err
	}
	v.anchors = mergeAnchors(now, v.anchors, kept)
	v.pass(0, proof.Sum{})
	if err := v.rows(ctx, tx); err != nil {
		return err
	}
	switch {
	case at != v.chain.Seq:
		return &badRow{v.chain.Seq + 1, fmt.Sprintf("the ledger ends at row %d, but its head row names %d", v.chain.Seq, at)}
	case proof.Sum(head) != v.chain.Hash:
		return &badRow{at, "it does not match the ledger's head row"}
	}
	v.pass(math.MaxInt64, proof.Sum{})
	if err := v.distinct(); err != nil {
		return err
	}
	if err := v.people(ctx, tx); err != nil {
		return err
	}
	if err := v.keys(ctx, tx); err != nil || v.missed == nil || v.each != nil {
		return err
	}
	lost, err := v.l.lost(ctx, tx, *v.missed)
	if err != nil {
		return err
	}
	v.lost = &lost
	return &badRow{lost.From, fmt.Sprintf("%s, by an anchor of %s", saysLost(lost), v.missed.At.UTC().Format(time.RFC3339))}
}

// row holds a row, which has its place in the chain, to its MAC.
func (v *verification) row(r *proof.Row) error {
	id, ok := rowID(r.Body)
	if !ok {
		return &badRow{r.Seq, "it has no id"}
	}
	v.ids = append(v.ids, id)
	v.sealed.add(r)
	if v.each != nil {
		return v.each(r)
	}
	if err := v.l.authentic(r); err != nil {
		return &badRow{r.Seq, err.Error()}
	}
	return nil
}

// rowID is the id in a body, behind what the columns say.
func rowID(body []byte) (id [16]byte, ok bool) {
	_, rest, _ := bytes.Cut(body, []byte(`,"id":"`)) // a quote in a column is escaped
	if len(rest) < 2*len(id) {
		return id, false
	}
	n, err := hex.Decode(id[:], rest[:2*len(id)])
	return id, err == nil && n == len(id)
}

// distinct holds the ids to each other: nobody wrote a row twice.
func (v *verification) distinct() error {
	slices.SortFunc(v.ids, func(a, b [16]byte) int { return bytes.Compare(a[:], b[:]) })
	for i := 1; i < len(v.ids); i++ {
		if v.ids[i] == v.ids[i-1] {
			return &badRow{0, fmt.Sprintf("two rows have the id %x: one is a copy", v.ids[i])}
		}
	}
	return nil
}

// people holds the count of everybody's facts to the facts. The server groups them
// by an index that has them in order.
func (v *verification) people(ctx context.Context, tx pgx.Tx) error {
	if v.each != nil { // they are counted only when the rows are taken over
		return nil
	}
	rows, _ := tx.Query(ctx, `
		with written as (select distinct on (token) token, nth, seq, mac from ledger_people order by token desc, nth desc),
			there as (select token, count(*) as nth, max(seq) as seq from consent_ledger where type <> 'decision' group by token)
		select token, coalesce(w.nth, 0), coalesce(w.seq, 0), w.mac, coalesce(t.nth, 0), coalesce(t.seq, 0) from written w full join there t using (token)`)
	var token, mac sum
	var written, there place
	var worst *badRow // the earliest, for whoever looks for it
	_, err := pgx.ForEachRow(rows, []any{&token, &written.nth, &written.seq, &mac, &there.nth, &there.seq}, func() error {
		var bad *badRow
		switch {
		case written != there:
			bad = &badRow{max(written.seq, there.seq), fmt.Sprintf("%d rows of a person were written, the newest as row %d; there are %d, the newest is row %d", written.nth, written.seq, there.nth, there.seq)}
		case !holds(proof.Sum(mac), v.l.macs.person(proof.Sum(token), written)):
			bad = &badRow{there.seq, "the count of this person's rows was changed"}
		}
		if bad != nil && (worst == nil || bad.seq < worst.seq) {
			worst = bad
		}
		return nil
	})
	if err == nil && worst != nil {
		return worst
	}
	return err
}

// pass holds a row that was verified to the anchors that name it, or one before it.
func (v *verification) pass(seq int64, hash proof.Sum) {
	for len(v.anchors) > 0 && v.anchors[0].Seq <= seq {
		if a := v.anchors[0]; (a.Seq < seq || a.Hash != hash.String()) && !v.l.explained(a) {
			v.missed = &a
		}
		v.anchors = v.anchors[1:]
	}
}

// knownOutside is the rows that were written down outside of the database.
func (l *Ledger) knownOutside(ctx context.Context) ([]consent.Anchor, error) {
	list, err := readAnchors(*l.anchorDir.Load())
	if err != nil {
		return nil, err
	}
	if top := l.high.get(); top.Seq > 0 {
		list = append(list, top)
	}
	if l.cfg.Copies == nil {
		return list, nil
	}
	ctx, cancel := context.WithTimeout(ctx, copiesRead)
	defer cancel()
	copies, err := l.cfg.Copies.Since(ctx, l.cfg.Now().AddDate(0, 0, -31))
	if err != nil { // the rest is verified all the same
		l.cfg.Log.Warn().Err(err).Msg("copies of the ledger's anchors not read")
	}
	return append(list, copies...), nil
}

// rows reads in one goroutine and computes in another.
func (v *verification) rows(ctx context.Context, tx pgx.Tx) error {
	ctx, cancel := context.WithCancel(ctx)
	full, empty := make(chan *chunk, 4), make(chan *chunk, 4)
	for range cap(empty) {
		empty <- &chunk{rows: make([]proof.Row, 0, chunkRows), bytes: make([]byte, 0, chunkBytes)}
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
			if err := v.row(r); err != nil {
				return err
			}
			if len(v.anchors) > 0 {
				v.pass(r.Seq, r.Hash)
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
