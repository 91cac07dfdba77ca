package optout

import "time"

// When is the time of a Preference: no calls until a moment, or calls at some hours of every
// day alone, or both. Times of day are the person's.
type When struct {
	After  string // "15:04": no call before, on any day
	Before string // "15:04": no call from then on, on any day
	until  moment
}

// moment is a moment that is known once it is known what time it is; zero for none.
type moment struct {
	in time.Duration
}

// NotBefore is when the next call may be, for words said now, in the person's zone; false if
// no day was named.
func (w When) NotBefore(now time.Time) (time.Time, bool) {
	if w.until == (moment{}) {
		return time.Time{}, false
	}
	return now.Add(w.until.in), true
}
