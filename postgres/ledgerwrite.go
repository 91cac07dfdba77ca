package postgres

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// How long a batch may take. The lock is held by one batch of one instance at a
// time, so that even many instances stay far below.
const (
	batchTime   = 5 * time.Second
	perFact     = 2 * time.Millisecond // more, for those of a large Record
	resolveTime = 3 * time.Second      // more, where the answer to a commit was lost
	bounds      = `select set_config('lock_timeout', '2s', true), set_config('statement_timeout', $1, true)`
)

// statementTime is how long a statement of a batch may take, as the server wants it.
func statementTime(batch time.Duration) string {
	return strconv.FormatInt((batch - time.Second).Milliseconds(), 10)
}

// runBatch runs requests in one transaction and answers all of them.
func (l *Ledger) runBatch(requests []*request) {
	limit := batchTime
	for _, a := range requests {
		limit += time.Duration(len(a.facts)) * perFact
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	responses := make([]response, len(requests))
	if err := l.write(ctx, requests, responses, statementTime(limit)); err != nil {
		l.cfg.Log.Error().Err(err).Int("requests", len(requests)).Msg("consent ledger not written; batch discarded")
		for i := range responses {
			responses[i] = response{err: err}
		}
	}
	for i, a := range requests {
		a.response <- responses[i]
	}
}

func (l *Ledger) write(ctx context.Context, requests []*request, responses []response, statement string) error {
	calls, uncounted := l.calls.get(ctx, l) // without which nothing is decided; a refusal does not wait for it
	conn, err := l.db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("postgres: the ledger: %w", err)
	}
	defer conn.Release() // one whose transaction has not ended is given up
	s := l.headState()
	var k known
	var e evidence
	if s.skew, err = l.skew(ctx, conn, `begin`); err != nil {
		return fmt.Errorf("postgres: the ledger: begin: %w", err)
	}
	about, all := l.tokens(requests)
	b := &pgx.Batch{}
	b.Queue(bounds, statement)
	l.queueHeadState(b, &s, ` for update`)
	l.queueKeys(b, &k, all)
	l.queuePeople(b, &k, all)
	l.queueEvidence(b, &e, requests)
	if len(about) > 0 {
		l.queueFacts(b, &k, about)
	}
	if err := conn.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("postgres: the ledger: read: %w", err)
	}
	if err := l.judge(ctx, conn, &s); err != nil {
		return fmt.Errorf("postgres: the ledger: read: %w", err)
	}
	k.recall(all, s.at)
	k.judge(about, s.age)
	l.found(&s)

	st := newBatch(l, s, k, e)
	for i, a := range requests {
		if !a.turn.CompareAndSwap(waiting, taken) {
			continue
		}
		if a.decide != nil && uncounted != nil {
			responses[i].err = uncounted
			continue
		}
		responses[i].receipts, responses[i].err = st.run(a, calls)
	}
	if len(st.rows) == 0 {
		if _, err := conn.Exec(ctx, `rollback`); err != nil {
			return fmt.Errorf("postgres: the ledger: %w", err)
		}
		return nil
	}
	if err := l.settled(ctx, st.commit(ctx, conn), st.at, st.head); err != nil {
		return err
	}
	l.wrote(st)
	return nil
}

// found adds to a headState what the last Verify found.
func (l *Ledger) found(s *headState) {
	if problem := l.broken.Load(); problem != nil && s.broken == "" {
		s.broken = *problem
	}
	if m := l.missing.Load(); m != nil && s.restored == "" && !l.explained(m.known) {
		s.restored = m.problem
	}
}

// wrote notes what was written: nobody may take it away unseen.
func (l *Ledger) wrote(st *batch) {
	for _, p := range st.places {
		l.seen.put(p.token, p.seq, st.age)
	}
	l.calls.expire(st.rows)
	if st.headState.restored == "" && st.headState.broken == "" {
		l.raise(consent.Anchor{Seq: st.at, Hash: st.head.String(), At: st.now})
	}
	l.remember(st.refusals...)
	if st.stops {
		select {
		case l.refused <- struct{}{}:
		default: // an anchor is due already
		}
	}
}

// tokens is whom requests are about: those that look at facts, and all.
func (l *Ledger) tokens(requests []*request) (about, all [][]byte) {
	seen := make(map[proof.Sum]bool) // true if somebody looks at the facts
	add := func(t proof.Sum, looks bool) {
		before, known := seen[t]
		if !known {
			all = append(all, t[:])
		}
		if looks && !before {
			about = append(about, t[:])
		}
		seen[t] = before || looks
	}
	for _, a := range requests {
		if !a.number.IsZero() || a.decide != nil {
			a.token = l.token(a.number)
			add(a.token, a.decide != nil || a.erase != nil)
		}
		for _, f := range a.facts {
			add(l.tokenOf(f), false)
		}
	}
	return about, all
}

// commit appends what is staged and ends the transaction, all in one message: what
// comes behind a statement that fails is not run.
func (st *batch) commit(ctx context.Context, conn batcher) error {
	b := &pgx.Batch{}
	if len(st.erased) > 0 {
		b.Queue(`delete from ledger_keys where token = any($1)`, st.erased)
	}
	if tokens, ids, wrapped := st.newKeys(); len(tokens) > 0 {
		b.Queue(`insert into ledger_keys (token, id, wrapped) select * from unnest($1::bytea[], $2::bytea[], $3::bytea[])`, tokens, ids, wrapped)
	}
	n := len(st.rows)
	seqs, times := make([]int64, n), make([]time.Time, n)
	prevs, hashes, tokens, bodies, macs := make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n), make([][]byte, n)
	types, sellers, marks := make([]string, n), make([]string, n), make([]string, n)
	for i := range st.rows {
		r := &st.rows[i]
		seqs[i], times[i], bodies[i] = r.Seq, r.RecordedAt, r.Body
		prevs[i], hashes[i], tokens[i] = r.Prev[:], r.Hash[:], r.Token[:]
		macs[i] = r.MAC[:]
		types[i], sellers[i], marks[i] = string(r.Type), r.Seller, string(r.Mark)
	}
	b.Queue(`
		insert into consent_ledger (seq, prev, hash, recorded_at, token, type, seller, mark, body, mac)
		select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::timestamptz[], $5::bytea[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bytea[])`,
		seqs, prevs, hashes, times, tokens, types, sellers, marks, bodies, macs)
	if len(st.places) > 0 {
		st.l.queuePlaces(b, st.places)
	}
	st.keepEvidence(b)
	b.Queue(`update ledger_head set at = $1, head = $2`, st.at, st.head[:])
	if st.stops {
		b.Queue(`select pg_notify('`+ledgerChannel+`', $1)`, strconv.FormatInt(st.at, 10))
	}
	b.Queue(`commit`).Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return pgx.ErrTxCommitRollback
		}
		return nil
	})
	return conn.SendBatch(ctx, b).Close()
}
