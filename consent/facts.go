package consent

import (
	"strings"
	"time"
)

const day = 24 * time.Hour

// date is the day of a fact as a reason says it.
func date(f *Fact) string {
	if f.OccurredOn != "" {
		return f.OccurredOn
	}
	return happened(f).UTC().Format(time.DateOnly)
}

// words makes an identifier readable.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }

// newest is the newest fact of those that are wanted, by what it tells of; of two
// of the same time the one recorded later; nil if there is none. Those of the
// future don't count.
func (e *evaluation) newest(want func(*Fact) bool) *Fact {
	var best *Fact
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if want(f) && !e.future(f) && (best == nil || !happened(f).Before(happened(best))) {
			best = f
		}
	}
	return best
}

// future tells whether a fact claims to be of a time that has not come.
func (e *evaluation) future(f *Fact) bool {
	first, _ := f.span()
	return first.Sub(e.now) > clockSkew
}
