package optout

import "time"

// When is the time of a Preference: no calls until a moment, or calls at some hours of every
// day alone, or both. Times of day are the person's. It is comparable.
type When struct {
	After  string // "15:04": no call before, on any day
	Before string // "15:04": no call from then on, on any day
	until  moment
}

// moment is a moment that is known once it is known what time it is; zero for none.
type moment struct {
	kind  reckoned
	n     int // how many of the kind, or which of it
	plus  int // days after it
	clock int // the minute of that day, for days
}

// reckoned is how a moment is found.
type reckoned int

const (
	noMoment  reckoned = iota
	inMinutes          // n minutes from now
	inDays             // the day that is n days from now
	weekday            // the next day of the week n, tomorrow at the soonest
	nextDay            // the day of the week n, in the week that begins on the coming Monday
	inWeeks            // the Monday that begins the n-th week from now
	inMonths           // the first of the n-th month from now
	inYears            // the first of January of the n-th year from now
	dayOf              // the n-th of a month, this one or the next
	dateOf             // the month n/100, its day n%100
	atClock            // n minutes after midnight, today or tomorrow; hours that are said without am or pm are of the day
	byClock            // the same, but the hour is exact
)

// NotBefore is when the next call may be, for words said now, in the person's zone; false if
// they named hours of the day alone. What has no length is reckoned: "right now" is two hours,
// "while I am driving" four, "not yet" a day, "until I am back" a week.
func (w When) NotBefore(now time.Time) (time.Time, bool) {
	y, m, d := now.Date()
	day := func(days int) time.Time { return time.Date(y, m, d+days, 0, w.until.clock, 0, 0, now.Location()) }
	plus, n := w.until.plus, w.until.n
	today := (int(now.Weekday()) + 6) % 7 // Monday is 0
	switch w.until.kind {
	case inMinutes:
		return now.Add(time.Duration(n) * time.Minute), true
	case inDays:
		return day(n + plus), true
	case weekday:
		return day((n-today+6)%7 + 1 + plus), true
	case nextDay:
		return day(7 - today + n + plus), true
	case inWeeks:
		return day(7*n - today + plus), true
	case inMonths:
		return time.Date(y, m+time.Month(n), 1+plus, 0, w.until.clock, 0, 0, now.Location()), true
	case inYears:
		return time.Date(y+n, 1, 1+plus, 0, w.until.clock, 0, 0, now.Location()), true
	case dayOf:
		if n <= d {
			m++
		}
		return time.Date(y, m, n+plus, 0, w.until.clock, 0, 0, now.Location()), true
	case dateOf:
		t := time.Date(y, time.Month(n/100), n%100+plus, 0, w.until.clock, 0, 0, now.Location())
		if !t.After(now) {
			t = t.AddDate(1, 0, 0)
		}
		return t, true
	case atClock, byClock:
		return w.nextClock(now, day), true
	}
	return time.Time{}, false
}

// nextClock is the next time that a clock shows the hour that was said. "Five" is five in the
// afternoon: an hour of the day at which people are called, from 8 to 21.
func (w When) nextClock(now time.Time, day func(int) time.Time) time.Time {
	for days := range 3 {
		for _, half := range []int{0, 12 * 60} {
			minute := w.until.n + half
			if w.until.kind == byClock && half > 0 || w.until.kind == atClock && (minute < 8*60 || minute > 21*60) {
				continue
			}
			if t := day(days).Add(time.Duration(minute) * time.Minute); t.After(now) {
				return t
			}
		}
	}
	return day(1)
}

// with adds another time that the same words name: the narrower hours, the first moment.
func (w When) with(other When) When {
	if other.After > w.After {
		w.After = other.After
	}
	if other.Before != "" && (w.Before == "" || other.Before < w.Before) {
		w.Before = other.Before
	}
	if w.until.kind == noMoment {
		w.until = other.until
	}
	return w
}

// empty tells whether no hour of the day is left: "not before noon or after noon".
func (w When) empty() bool { return w.After != "" && w.Before != "" && w.After >= w.Before }
