package postgres

import (
	"fmt"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
)

// keptPlaces is how many people's newest rows an instance remembers.
const keptPlaces = 1 << 16

// place is where a person's facts end: how many there are, and the row of the newest.
type place struct{ nth, seq int64 }

// queuePeople asks for the places of people. One whose MAC is wrong is a place that
// nobody's facts can have.
func (l *Ledger) queuePeople(b *pgx.Batch, k *known, tokens [][]byte) {
	k.people, k.broken = make(map[proof.Sum]place), make(map[proof.Sum]string)
	b.Queue(`
		select p.* from unnest($1::bytea[]) t (token) cross join lateral (
			select token, nth, seq, mac from ledger_people where token = t.token order by nth desc limit 1) p`, tokens).Query(func(rows pgx.Rows) error {
		var token, mac sum
		var p place
		_, err := pgx.ForEachRow(rows, []any{&token, &p.nth, &p.seq, &mac}, func() error {
			if t := proof.Sum(token); !holds(proof.Sum(mac), l.macs.person(t, p)) {
				k.people[t] = place{-1, -1}
			} else {
				k.people[t] = p
			}
			return nil
		})
		return err
	})
}

// recall holds people's places to what this instance has seen, as of row at. One that
// has gone back is no longer gone on from, or the next fact would hide the hole.
func (k *known) recall(tokens [][]byte, at int64) {
	for _, t := range tokens {
		token := proof.Sum(t)
		if seen := k.l.seen.get(token); seen > k.people[token].seq && seen <= at && k.people[token].nth >= 0 {
			k.broken[token] = fmt.Sprintf("row %d of this person is missing", seen)
			k.people[token] = place{-1, -1}
		}
	}
}

// judge finds out whose history is not whole, once all facts are read.
func (k *known) judge(tokens [][]byte, age int) {
	for _, t := range tokens {
		token := proof.Sum(t)
		if k.broken[token] != "" {
			continue
		}
		if problem := k.lacks(token); problem != "" {
			k.broken[token] = problem
		} else {
			k.l.seen.put(token, k.people[token].seq, age)
		}
	}
}

// lacks tells what is wrong with a person's history.
func (k *known) lacks(token proof.Sum) string {
	p, facts := k.people[token], k.facts[token]
	last := int64(0)
	if n := len(facts); n > 0 {
		last = facts[n-1].Seq
	}
	switch {
	case k.l.unknown.Load():
		return ""
	case p.nth < 0:
		return "the count of this person's rows was changed"
	case len(facts) > maxFacts:
		return "there are too many facts to read"
	case p.nth != int64(len(facts)) || p.seq != last:
		return fmt.Sprintf("%d rows of this person were written, the newest as row %d; there are %d, the newest is row %d", p.nth, p.seq, len(facts), last)
	}
	if shut := k.shut[token]; shut > 0 && !slices.ContainsFunc(facts, func(f consent.Fact) bool { return f.Type == consent.Erased && f.Seq > shut }) {
		return fmt.Sprintf("can't decrypt row %d: %s", shut, keyGone)
	}
	return ""
}

// keyGone is said of rows whose data key was deleted without a row that says so.
const keyGone = "its data key is missing, but this person was not erased"

// advance gives a person's next fact its number. A count that was changed stays as it
// is, so that everybody goes on to see it.
func (st *batch) advance(token proof.Sum, seq int64) {
	before := st.people[token]
	if before.nth < 0 || st.l.unknown.Load() {
		return
	}
	p := place{before.nth + 1, seq}
	st.people[token] = p
	st.places = append(st.places, placed{token, p, before})
}

// placed is a row of ledger_people to be.
type placed struct {
	token proof.Sum
	place
	before place
}

// queuePlaces appends to ledger_people.
func (l *Ledger) queuePlaces(b *pgx.Batch, places []placed) {
	n := len(places)
	tokens, nths, seqs, macs := make([][]byte, n), make([]int64, n), make([]int64, n), make([][]byte, n)
	for i := range places {
		p := &places[i]
		mac := l.macs.person(p.token, p.place)
		tokens[i], nths[i], seqs[i], macs[i] = p.token[:], p.nth, p.seq, mac[:]
	}
	b.Queue(`insert into ledger_people (token, nth, seq, mac) select * from unnest($1::bytea[], $2::bigint[], $3::bigint[], $4::bytea[])`, tokens, nths, seqs, macs)
}

// placeCache remembers people's newest rows, in two halves as [keyCache].
type placeCache struct {
	mu         sync.Mutex
	young, old map[proof.Sum]int64
	age        int // how often all of it was forgotten
}

// begin is the age of what is read from now on; see put.
func (c *placeCache) begin() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.age
}

func (c *placeCache) get(token proof.Sum) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.young[token], c.old[token])
}

// put remembers that a row of a person was seen, unless all was forgotten since it was read.
func (c *placeCache) put(token proof.Sum, seq int64, age int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if age != c.age {
		return
	}
	if c.young == nil || len(c.young) >= keptPlaces/2 {
		c.young, c.old = make(map[proof.Sum]int64), c.young
	}
	c.young[token] = max(seq, c.young[token], c.old[token])
}

// forget drops all of it: the ledger is an older copy of itself.
func (c *placeCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old, c.age = nil, nil, c.age+1
}
