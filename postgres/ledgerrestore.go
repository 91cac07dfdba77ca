package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// point is a row that somebody remembers, and what the ledger has in its place.
type point struct {
	consent.Anchor
	there bool // there is such a row
	same  bool // and it is the one
	whole bool // what is there was written by this program
}

// missing is that rows were found to be missing, and the newest of them, until a
// recovery explains it, whichever process records that.
type missing struct {
	problem string
	known   consent.Anchor
}

// queuePoint asks for the row in the place of the newest that this instance has seen,
// and queueAnchored for that of the highest anchor since the last recovery.
func (l *Ledger) queuePoint(b *pgx.Batch, p *point) {
	b.Queue(`select seq, prev, hash, coalesce(mac, (select m.mac from ledger_macs m where m.seq = consent_ledger.seq)) from consent_ledger where seq = $1`, p.Seq).Query(func(rows pgx.Rows) error {
		var r proof.Row
		for rows.Next() {
			if err := rows.Scan(&r.Seq, (*sum)(&r.Prev), (*sum)(&r.Hash), (*sum)(&r.MAC)); err != nil {
				return err
			}
			l.compare(p, &r)
		}
		return rows.Err()
	})
}

func (l *Ledger) compare(p *point, r *proof.Row) {
	p.there, p.same, p.whole = true, r.Hash.String() == p.Hash, holds(r.MAC, l.macs.row(r))
}

func (l *Ledger) queueAnchored(b *pgx.Batch, s *headState) {
	b.Queue(`
		select a.at, a.head, a.anchored_at, a.mac, a.mac is null, c.seq is not null, c.seq, c.prev, c.hash, coalesce(c.mac, (select m.mac from ledger_macs m where m.seq = c.seq))
		from (select * from ledger_anchors where anchored_at > coalesce((select recorded_at from consent_ledger where type = 'restored' and seq > 0 order by seq desc limit 1), '-infinity')
				and anchored_at <= clock_timestamp() + $1 order by at desc limit 1) a
			left join consent_ledger c on c.seq = a.at`, maxSkew).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var head, mac sum
			var old, there bool
			var seq *int64
			var r proof.Row
			p := &s.anchor
			if err := rows.Scan(&p.Seq, &head, &p.At, &mac, &old, &there, &seq, (*sum)(&r.Prev), (*sum)(&r.Hash), (*sum)(&r.MAC)); err != nil {
				return err
			}
			p.Hash = proof.Sum(head).String()
			if !l.ours(p.Seq, head, p.At, mac, old) {
				s.broken = fmt.Sprintf("an anchor that names row %d was changed", p.Seq)
				*p = point{}
			} else if there {
				r.Seq = p.Seq
				l.compare(p, &r)
			}
		}
		return rows.Err()
	})
}

// judge finds out whether the ledger is an older copy of itself: it lacks a row that
// this instance or an anchor knows. If a recovery explains it, what was remembered
// is forgotten; if not, calls are held, and what this instance remembers is told.
func (l *Ledger) judge(ctx context.Context, conn reader, s *headState) error {
	if err := l.knowRestores(ctx, conn, s); err != nil {
		var bad *badRow
		if !errors.As(err, &bad) {
			return err
		}
		s.broken = err.Error() // a refusal has to find its place all the same
		return nil
	}
	for _, p := range []*point{&s.high, &s.anchor} {
		if p.Seq == 0 || p.same {
			continue
		}
		if l.explained(p.Anchor) {
			continue
		}
		if p.there && !p.whole {
			s.broken = fmt.Sprintf("row %d is not the one that was written", p.Seq)
			return nil
		}
		lost, err := l.lost(ctx, conn, p.Anchor)
		if err != nil {
			return err
		}
		s.restored = saysLost(lost)
		l.seen.forget() // or rows that take the numbers of lost ones would be taken for holes
		s.age = l.seen.begin()
		l.tell(lost, p.At)
		return nil
	}
	if p := &s.high; p.Seq > 0 && !p.same { // a recovery explains it
		l.seen.forget()
		l.missing.Store(nil)
		if err := l.high.adopt(s.newest()); err != nil {
			l.cfg.Log.Warn().Err(err).Msg("newest row not written to disk; kept only in memory")
		}
	} else if s.broken == "" {
		l.raise(s.newest())
	}
	return nil
}

// raise notes the newest row that was seen.
func (l *Ledger) raise(to consent.Anchor) {
	if err := l.high.raise(to); err != nil {
		l.cfg.Log.Warn().Err(err).Msg("newest row not written to disk; kept only in memory")
	}
}

func saysLost(lost consent.Rows) string {
	return fmt.Sprintf("the ledger was restored from an older copy: rows %d to %d are missing; the last known head is %s", lost.From, lost.To, lost.Head)
}

// explained tells whether a recovery has said that a row is lost.
func (l *Ledger) explained(a consent.Anchor) bool {
	list := l.restores.Load()
	for i := range *list {
		if f := &(*list)[i]; f.Rows != nil && a.Seq >= f.Rows.From && a.Seq <= f.Rows.To && !a.At.After(f.RecordedAt) {
			return true
		}
	}
	return false
}

// knowRestores reads the recoveries again when there is a new one.
func (l *Ledger) knowRestores(ctx context.Context, conn reader, s *headState) error {
	list := *l.restores.Load()
	if n := len(list); s.restoredAt == 0 || n > 0 && list[n-1].Seq == s.restoredAt {
		return nil
	}
	own := l.token(phone.Number{})
	list, err := l.readOn(ctx, conn, `select `+rowColumns+` from consent_ledger where token = $1 and type = 'restored' and seq > 0 order by seq`, own[:])
	if err == nil {
		l.restores.Store(&list)
	}
	return err
}

// lost is which rows are missing if one is. Rows that were written after the copy was put
// back are later than all that were lost.
func (l *Ledger) lost(ctx context.Context, conn reader, known consent.Anchor) (consent.Rows, error) {
	r := consent.Rows{From: 1, To: known.Seq, Head: known.Hash}
	err := conn.QueryRow(ctx, `select seq + 1 from consent_ledger where recorded_at <= $1 order by seq desc limit 1`, known.At).Scan(&r.From)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return r, fmt.Errorf("postgres: find out which rows are missing: %w", err)
	}
	r.From = min(r.From, r.To)
	return r, nil
}

// remembered bounds the refusals that an instance keeps in memory.
const remembered = 1000

// memory is what an instance can tell a ledger that has lost rows.
type memory struct {
	sync.Mutex
	facts []consent.Fact // refusals, the newest last
	told  string         // the last known head of the loss that was told
}

// remember keeps a refusal, so that it is written again should the ledger lose it.
func (l *Ledger) remember(facts ...consent.Fact) {
	l.memory.Lock()
	defer l.memory.Unlock()
	l.memory.facts = append(l.memory.facts, facts...)
	if n := len(l.memory.facts); n > remembered {
		l.memory.facts = append(l.memory.facts[:0:0], l.memory.facts[n-remembered:]...)
	}
}

// tell gives the ledger, once for each loss, what this instance remembers of it: the
// head, of a time, that other instances can hold the ledger to, and the refusals.
func (l *Ledger) tell(lost consent.Rows, at time.Time) {
	l.memory.Lock()
	defer l.memory.Unlock()
	if l.memory.told == lost.Head || l.cfg.ReadOnly {
		return
	}
	l.memory.told = lost.Head
	var again []consent.Fact
	for _, f := range l.memory.facts {
		if f.Seq >= lost.From && f.Seq <= lost.To {
			f.Seq, f.Hash, f.RecordedAt = 0, "", time.Time{}
			again = append(again, f)
		}
	}
	l.cfg.Log.Error().Int64("from", lost.From).Int64("to", lost.To).Str("head", lost.Head).Int("refusals", len(again)).
		Msg("the consent ledger was restored from an older copy: calls are held until bridge consent recover")
	l.calls.running.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), batchTime)
		defer cancel()
		var head proof.Sum
		if _, err := hex.Decode(head[:], []byte(lost.Head)); err != nil {
			panic("internal error: the hash of a row is not hex")
		}
		if err := l.storeAnchor(ctx, lost.To, head, at); err != nil {
			l.cfg.Log.Warn().Err(err).Msg("other instances not notified of missing rows")
		}
		if _, err := l.Record(ctx, again...); err != nil {
			l.cfg.Log.Error().Err(err).Msg("opt-outs lost from the ledger not recorded again; retrying with the next request")
			l.memory.Lock()
			defer l.memory.Unlock()
			l.memory.told = ""
		}
	})
}
