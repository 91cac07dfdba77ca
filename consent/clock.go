package consent

import "time"

// dayPlan says when calls are allowed on each day: by weekday, and less on holidays.
type dayPlan struct {
	days      [7]timeWindow         // by time.Weekday
	holiday   func(epochDay) string // its name, or ""; nil for a plan that knows none
	onHoliday timeWindow
	until     epochDay // from then on the holidays aren't known, and no day is open; 0 for never
}

// on is the plan of one date.
func (p *dayPlan) on(d epochDay) timeWindow {
	w := p.days[d.weekday()]
	if p.holiday == nil {
		return w
	}
	if p.until != 0 && d >= p.until {
		return timeWindow{}
	}
	if p.holiday(d) != "" {
		return w.and(p.onHoliday)
	}
	return w
}

// daily is the same window on every day.
func daily(w timeWindow) *dayPlan { return &dayPlan{days: [7]timeWindow{w, w, w, w, w, w, w}} }

// zoneClock is a plan in one zone.
type zoneClock struct {
	zone *time.Location
	plan *dayPlan
}

// localTime is the date and the minute of an instant in a zone. It is the instant
// that is taken to the zone: a local time is never built, for there are local times
// that don't exist and some that exist twice.
func localTime(t time.Time, zone *time.Location) (epochDay, int) {
	_, offset := t.In(zone).Zone()
	s := t.Unix() + int64(offset)
	d := s / (24 * 60 * 60)
	if s < 0 && s%(24*60*60) != 0 {
		d--
	}
	return epochDay(d), int(s-d*24*60*60) / 60
}

// open tells whether calls are allowed at an instant.
func (c zoneClock) open(t time.Time) bool {
	d, minute := localTime(t, c.zone)
	return c.plan.on(d).holds(minute)
}

// opens tells whether a call may begin at an instant: calls are allowed then, and
// still will be when it is answered. Margin is how long that may take.
func (c zoneClock) opens(t time.Time, margin time.Duration) bool {
	return c.open(t) && (margin == 0 || c.open(t.Add(margin)))
}

// small is before when, in minutes, the clocks are changed in every zone of the US.
const small = 4 * 60

// next is the first instant, t or later, at which a call may begin. It is not ok if
// that is later than end.
func (c zoneClock) next(t time.Time, margin time.Duration, end time.Time) (time.Time, bool) {
	if c.opens(t, margin) {
		return t, true
	}
	today, minute := localTime(t, c.zone)
	// Where a day begins if no clock is changed until then. Offsets are whole minutes.
	begins := t.Truncate(time.Minute).Add(-time.Duration(minute) * time.Minute)
	for d := today; ; d, begins = d+1, begins.Add(24*time.Hour) {
		if begins.After(end.Add(24 * time.Hour)) {
			return time.Time{}, false
		}
		w := c.plan.on(d)
		if w.closed() {
			continue
		}
		at := c.reach(begins.Add(time.Duration(w.open)*time.Minute), d, w.open)
		stop := at
		if w.open < small && c.changes(begins) {
			// The opening may be at a time that is skipped, or comes twice: go through the night.
			at, stop = begins.Add(-time.Hour), begins.Add(2*small*time.Minute)
		}
		for ; !at.After(stop); at = at.Add(time.Minute) {
			if at.Before(t) || !c.opens(at, margin) {
				continue
			}
			if at.After(end) {
				return time.Time{}, false
			}
			return at, true
		}
	}
}

// reach moves an instant to where it is a minute of a date in the zone, if clocks
// have been changed between where it was counted from and there.
func (c zoneClock) reach(at time.Time, d epochDay, minute int) time.Time {
	day, got := localTime(at, c.zone)
	return at.Add(time.Duration(int(d-day)*minutesOfDay+minute-got) * time.Minute)
}

// changes tells whether clocks are changed about the night in which a day begins.
func (c zoneClock) changes(begins time.Time) bool {
	_, before := begins.Add(-2 * time.Hour).In(c.zone).Zone()
	_, after := begins.Add(2 * small * time.Minute).In(c.zone).Zone()
	return before != after
}

// together is the first instant, from or later, at which a call may begin by every
// clock; nil if there is none until end. Each clock only ever moves it on, to the
// next instant that it allows; when none moves it any more it is allowed by all. The
// latest of what the clocks say one by one is not enough: at that instant another
// may have closed again.
func together(clocks []zoneClock, from, end time.Time, margin time.Duration) *time.Time {
	t := from
	for moved := true; moved; {
		moved = false
		for _, c := range clocks {
			n, ok := c.next(t, margin, end)
			if !ok {
				return nil
			}
			if n.After(t) {
				t, moved = n, true
			}
		}
	}
	return &t
}
