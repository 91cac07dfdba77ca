package expression

import "time"

// span is a stretch of time.
type span struct{ from, until time.Time }

// overlap is how much of s lies in t.
func (s span) overlap(t span) time.Duration {
	from, until := s.from, s.until
	if t.from.After(from) {
		from = t.from
	}
	if t.until.Before(until) {
		until = t.until
	}
	return max(0, until.Sub(from))
}

// maxSpanCount is how many stretches of the agent's voice are remembered, the newest.
const maxSpanCount = 64

// spans are stretches in their order, joined where they touch.
type spans []span

func (all *spans) add(s span) {
	if n := len(*all); n > 0 && s.from.Sub((*all)[n-1].until) < 50*time.Millisecond {
		if last := &(*all)[n-1]; s.until.After(last.until) {
			last.until = s.until
		}
		return
	}
	if len(*all) == maxSpanCount {
		*all = append((*all)[:0], (*all)[1:]...)
	}
	*all = append(*all, s)
}

// cut takes away what lies after now.
func (all *spans) cut(now time.Time) {
	for n := len(*all); n > 0 && (*all)[n-1].until.After(now); n = len(*all) {
		if (*all)[n-1].from.Before(now) {
			(*all)[n-1].until = now
			return
		}
		*all = (*all)[:n-1]
	}
}
