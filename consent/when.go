package consent

import (
	"strings"
	"time"
)

const day = 24 * time.Hour

// maxSkew is how far clocks may be apart: a fact may be dated so far in the
// future, and the ledger's clock may differ so much from ours.
const maxSkew = 30 * time.Second

// when is the time that a fact tells of; that of its row if it says none.
func when(f *Fact) time.Time {
	if f.OccurredAt.IsZero() {
		return f.RecordedAt
	}
	return f.OccurredAt
}

// date is the day of a fact as a reason says it.
func date(f *Fact) string { return when(f).UTC().Format(time.DateOnly) }

// words makes an identifier readable.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

// newest is the newest fact of those that are wanted, by what it tells of; of two
// of the same time the one recorded later; nil if there is none. Those of the
// future don't count.
func (e *evaluation) newest(want func(*Fact) bool) *Fact {
	var best *Fact
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if want(f) && !e.future(f) && (best == nil || !when(f).Before(when(best))) {
			best = f
		}
	}
	return best
}

// future tells whether a fact claims to be of a time that has not come.
func (e *evaluation) future(f *Fact) bool { return when(f).Sub(e.now) > maxSkew }
