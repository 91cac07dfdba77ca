package postgres

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"sync"
	"time"

	"github.com/patchcord/patchcord/consent/proof"
)

// What each kind of MAC begins with, so that none can be taken for another.
const (
	rowDomain    = "patchcord row 1\n"
	personDomain = "patchcord person 1\n"
	anchorDomain = "patchcord anchor 1\n"
)

// What is wrong with a row that no one without the master key can see.
var (
	errRowMAC     = errors.New("it was not written by this program: its MAC is missing or wrong")
	errRowVersion = errors.New("it has the form of an earlier version but is newer than the upgrade")
)

// macs makes MACs with a key that comes from the master key and that the database
// never sees. Its methods are safe for use by several goroutines.
type macs struct{ pool sync.Pool }

// maker is a hash that is used again and again, and room for what goes into it.
type maker struct {
	hash.Hash
	buf []byte
}

func newMACs(key []byte) *macs {
	return &macs{sync.Pool{New: func() any { return &maker{Hash: hmac.New(sha256.New, key)} }}}
}

func (m *macs) sum(domain string, numbers []int64, sums ...*proof.Sum) (s proof.Sum) {
	k := m.pool.Get().(*maker)
	defer m.pool.Put(k)
	k.buf = append(k.buf[:0], domain...)
	for _, n := range numbers {
		k.buf = binary.BigEndian.AppendUint64(k.buf, uint64(n))
	}
	for _, s := range sums {
		k.buf = append(k.buf, s[:]...)
	}
	k.Reset()
	k.Write(k.buf)
	k.Hash.Sum(s[:0])
	return s
}

// row is a row's MAC: over its place, the row before, and its hash, which is that of
// its body (see [proof.Row.Check]).
func (m *macs) row(r *proof.Row) proof.Sum {
	return m.sum(rowDomain, []int64{r.Seq}, &r.Prev, &r.Hash)
}

// person is the MAC of how many facts there are of a person, and of where the newest is.
func (m *macs) person(token proof.Sum, p place) proof.Sum {
	return m.sum(personDomain, []int64{p.nth, p.seq}, &token)
}

// anchor is the MAC of an anchor in the database.
func (m *macs) anchor(seq int64, head proof.Sum, at time.Time) proof.Sum {
	return m.sum(anchorDomain, []int64{seq, at.UnixMicro()}, &head)
}

// holds tells whether a MAC is the right one, in the same time for every wrong one.
func holds(got, want proof.Sum) bool { return hmac.Equal(got[:], want[:]) }

// authentic holds a row, which is whole in itself, to its MAC. Rows of the first
// version are from before the upgrade, or are forged.
func (l *Ledger) authentic(r *proof.Row) error {
	switch {
	case r.Version() == 1 && l.unknown.Load(): // nothing of it lets a call be placed
		return nil
	case r.Version() == 1 && r.Seq > l.before.Load():
		return errRowVersion
	case !holds(r.MAC, l.macs.row(r)):
		return errRowMAC
	}
	return nil
}
