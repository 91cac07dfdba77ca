package postgres

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
)

// batch is what a batch will append. Requests are run on it in turn, and each sees
// what those before it have staged.
type batch struct {
	l *Ledger
	headState
	known

	now    time.Time // when its rows are recorded
	rows   []proof.Row
	places []placed
	fresh  map[proof.Sum]bool // keys to be inserted
	erased [][]byte           // keys to be deleted, before that

	evidence evidence
	stops    bool           // somebody is to be told
	refusals []consent.Fact // of whom
}

func newBatch(l *Ledger, s headState, k known, e evidence) *batch {
	now := s.now.UTC().Truncate(time.Microsecond)
	if now.Before(s.last) { // time never falls in the chain
		now = s.last
	}
	return &batch{l: l, headState: s, known: k, now: now, fresh: make(map[proof.Sum]bool), evidence: e}
}

// run does one request. If it fails, nothing of it stays.
func (st *batch) run(a *request, calls map[consent.Campaign]consent.Calls) (receipts []consent.Receipt, err error) {
	begun, at, head := len(st.rows), st.at, st.head
	defer func() {
		if err != nil {
			st.undo(begun, at, head)
			receipts = nil
		}
	}()
	facts := a.facts
	switch {
	case a.decide != nil:
		if facts, err = st.decide(a, calls); err != nil {
			return nil, err
		}
	case a.erase != nil:
		return st.erase(a)
	}
	if err = st.checkEvidence(facts); err != nil {
		return nil, err
	}
	receipts = make([]consent.Receipt, 0, len(facts))
	for i := range facts {
		f := &facts[i]
		token := a.token
		if f.Number.IsZero() && !f.Type.OfLedger() {
			return nil, errNoNumber
		}
		if a.decide == nil {
			token = st.l.tokenOf(*f)
		} else if f.Number != a.number {
			return nil, errors.New("postgres: a decision on one number wrote about another")
		}
		var key *dataKey
		if f.Type != consent.Accessed { // nothing of which is personal
			if key, err = st.key(token); err != nil {
				return nil, err
			}
		}
		if err := st.add(token, key, *f); err != nil {
			return nil, err
		}
		receipts = append(receipts, consent.Receipt{Seq: st.at, Hash: st.head.String()})
	}
	for i := range facts {
		if st.rows[begun+i].Mark == proof.MarkStop {
			f := facts[i]
			f.Seq = receipts[i].Seq
			st.stops, st.refusals = true, append(st.refusals, f)
		}
	}
	st.noteEvidence(facts)
	for i, f := range facts {
		st.remember(st.rows[begun+i].Token, f, receipts[i])
	}
	return receipts, nil
}

// undo takes the rows behind some away again.
func (st *batch) undo(rows int, at int64, head proof.Sum) {
	st.rows, st.at, st.head = st.rows[:rows], at, head
	for n := len(st.places); n > 0 && st.places[n-1].seq > at; n-- {
		p := st.places[n-1]
		st.people[p.token] = p.before
		st.places = st.places[:n-1]
	}
}

// remember adds a staged fact to what those who decide after it see.
func (st *batch) remember(token proof.Sum, f consent.Fact, r consent.Receipt) {
	if st.facts == nil || f.Type == consent.Decided { // nobody decides, or nobody looks at it
		return
	}
	f.Seq, f.Hash, f.RecordedAt = r.Seq, r.Hash, st.now
	st.facts[token] = append(st.facts[token], f)
}

// decide asks for a request's decision. What panics in it stays in it: its text may
// hold what a fact says.
func (st *batch) decide(a *request, calls map[consent.Campaign]consent.Calls) (facts []consent.Fact, err error) {
	s := consent.Snapshot{AsOf: st.at, Facts: about(a.number, st.facts[a.token]), Calls: calls}
	st.l.about(&s, &st.headState)
	if problem := st.known.broken[a.token]; problem != "" {
		s.Broken = problem
	}
	defer func() {
		if recover() != nil {
			facts, err = nil, errors.New("postgres: internal error: a decision panicked")
		}
	}()
	return a.decide(s), nil
}

// about is facts of one number, as a copy of its own.
func about(n phone.Number, facts []consent.Fact) []consent.Fact {
	list := make([]consent.Fact, len(facts))
	copy(list, facts)
	for i := range list {
		list[i].Number = n
	}
	return list
}

// key is a person's data key, made now if there is none.
func (st *batch) key(token proof.Sum) (*dataKey, error) {
	if key := st.keys[token]; key != nil {
		return key, nil
	}
	key, err := st.l.box.make(token)
	if err != nil {
		return nil, err
	}
	st.keys[token], st.fresh[token] = key, true
	return key, nil
}

// add stages one fact behind all others. Without a key nothing personal is written.
func (st *batch) add(token proof.Sum, key *dataKey, f consent.Fact) error {
	if f.Type == "" || !columnText(string(f.Type)) || !columnText(f.Seller) {
		return errors.New("postgres: can't store a fact's type or seller")
	}
	id := make([]byte, 16)
	rand.Read(id)
	sealed := proof.Sealed{ID: hex.EncodeToString(id)}
	r := proof.Row{Seq: st.at + 1, Prev: st.head, RecordedAt: st.now, Token: token, Type: f.Type, Seller: f.Seller, Mark: proof.MarkOf(f)}
	if key != nil {
		var err error
		if sealed, err = key.seal(&r, sealed.ID, f); err != nil {
			return err
		}
	}
	if err := r.Compose(f, sealed, st.l.cfg.Build); err != nil {
		return err
	}
	if len(r.Body) > maxBody {
		return fmt.Errorf("postgres: a fact of %d bytes: at most %d", len(r.Body), maxBody)
	}
	r.MAC = st.l.macs.row(&r)
	st.rows, st.at, st.head = append(st.rows, r), r.Seq, r.Hash
	if f.Type != consent.Decided {
		st.advance(token, r.Seq)
	}
	return nil
}

// columnText tells whether Postgres can hold a text.
func columnText(s string) bool {
	return len(s) <= 1024 && utf8.ValidString(s) && !strings.Contains(s, "\x00")
}

// newKeys is the keys to be inserted, as columns.
func (st *batch) newKeys() (tokens, ids, wrapped [][]byte) {
	for token := range st.fresh {
		key := st.keys[token]
		id, err := hex.DecodeString(key.id)
		if err != nil {
			panic("internal error: a data key's id is not hex")
		}
		tokens, ids, wrapped = append(tokens, token[:]), append(ids, id), append(wrapped, key.wrapped)
	}
	return tokens, ids, wrapped
}
