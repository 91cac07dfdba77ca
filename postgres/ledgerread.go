package postgres

import (
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

const (
	// rowColumns is of consent_ledger under its own name. The MACs of rows that are
	// older than MACs stand in a table beside it.
	rowColumns = `seq, prev, hash, recorded_at, token, type, seller, mark, body, coalesce(mac, (select m.mac from ledger_macs m where m.seq = consent_ledger.seq)) as mac`
	maxFacts   = 10_000 // of one number that a decision may rest on; beyond, no call
	maxSkew    = 30 * time.Second
)

var errNoNumber = errors.New("postgres: the ledger was queried without a number")

// sum reads a column that holds a SHA-256. What is of another length is none that
// any row could have.
type sum proof.Sum

// ScanBytes implements pgtype.BytesScanner.
func (s *sum) ScanBytes(b []byte) error {
	if len(b) != len(s) {
		for i := range s {
			s[i] = 0xff
		}
		return nil
	}
	copy(s[:], b)
	return nil
}

func scanRow(rows pgx.Rows, r *proof.Row) error {
	return rows.Scan(&r.Seq, (*sum)(&r.Prev), (*sum)(&r.Hash), &r.RecordedAt, (*sum)(&r.Token), &r.Type, &r.Seller, &r.Mark, &r.Body, (*sum)(&r.MAC))
}

// known is what a transaction reads about people.
type known struct {
	l      *Ledger
	facts  map[proof.Sum][]consent.Fact
	people map[proof.Sum]place
	keys   map[proof.Sum]*dataKey // nil for those that have none
	broken map[proof.Sum]string   // what of a person can't be trusted
	shut   map[proof.Sum]int64    // a person's newest row whose data key is gone
}

// queueKeys asks for the data keys of people.
func (l *Ledger) queueKeys(b *pgx.Batch, k *known, tokens [][]byte) {
	k.l, k.keys = l, make(map[proof.Sum]*dataKey)
	b.Queue(`select token, id, wrapped from ledger_keys where token = any($1)`, tokens).Query(func(rows pgx.Rows) error {
		var token sum
		var id, wrapped []byte
		_, err := pgx.ForEachRow(rows, []any{&token, &id, &wrapped}, func() error {
			key, err := l.box.open(proof.Sum(token), hex.EncodeToString(id), wrapped)
			k.keys[proof.Sum(token)] = key
			return err
		})
		for _, t := range tokens {
			if k.keys[proof.Sum(t)] == nil { // destroyed, perhaps by another instance
				l.box.kept.drop(proof.Sum(t))
			}
		}
		return err
	})
}

// queueFacts asks for what decisions may rest on. Keys and people have to be asked for
// before.
func (l *Ledger) queueFacts(b *pgx.Batch, k *known, tokens [][]byte) {
	k.facts, k.shut = make(map[proof.Sum][]consent.Fact), make(map[proof.Sum]int64)
	b.Queue(`
		select r.* from unnest($1::bytea[]) t (token) cross join lateral (
			select `+rowColumns+` from consent_ledger where token = t.token and type <> 'decision' order by seq limit $2) r`,
		tokens, maxFacts+1).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var r proof.Row
			if err := scanRow(rows, &r); err != nil {
				return err
			}
			k.take(&r)
		}
		return rows.Err()
	})
}

// take adds the fact of a row. A row that can't be trusted is left out, and nobody
// decides about its person.
func (k *known) take(r *proof.Row) {
	s, private, err := k.open(r)
	if err != nil {
		k.broken[r.Token] = fmt.Sprintf("row %d: %v", r.Seq, err)
		return
	}
	if len(s.Sealed.Sealed) > 0 && private == nil {
		k.shut[r.Token] = max(k.shut[r.Token], r.Seq)
	}
	f := s.Fact
	list := append(k.facts[r.Token], f)
	if n := len(list); n > 1 && list[n-2].Seq > f.Seq {
		slices.SortFunc(list, func(a, b consent.Fact) int { return int(a.Seq - b.Seq) })
	}
	k.facts[r.Token] = list
}

// fact reads a row and checks it. Of somebody who was erased it is what is left.
func (k *known) fact(r *proof.Row) (consent.Fact, error) {
	s, _, err := k.open(r)
	return s.Fact, err
}

// open is fact with the rest: what the body says, and its personal part as it was
// recorded, or nil.
func (k *known) open(r *proof.Row) (proof.Stored, []byte, error) {
	if err := r.Check(); err != nil {
		return proof.Stored{}, nil, err
	}
	if err := k.l.authentic(r); err != nil {
		return proof.Stored{}, nil, err
	}
	s, err := proof.ReadBody(r.Body)
	if err != nil {
		return proof.Stored{}, nil, err
	}
	s.Fact.Hash = r.Hash.String()
	if len(s.Sealed.Sealed) == 0 {
		return s, nil, nil
	}
	private, err := k.keys[r.Token].unseal(r, s.Sealed)
	if err != nil || private == nil {
		return s, nil, err
	}
	return s, private, s.Reveal(private)
}
