package optout

import (
	"slices"
	"strings"
)

var (
	weekdays = strings.Fields("monday tuesday wednesday thursday friday saturday sunday")
	months   = strings.Fields("january february march april may june july august september october november december")
	ordinals = strings.Fields("zeroth first second third fourth fifth sixth seventh eighth ninth tenth " +
		"eleventh twelfth thirteenth fourteenth fifteenth")
	abbrevs = map[string]string{
		"mon": "monday", "tues": "tuesday", "tue": "tuesday",
		"wed": "wednesday", "thurs": "thursday", "thu": "thursday", "fri": "friday", "sat": "saturday",
		"sun": "sunday"}
	dayEvents = map[string]moment{
		"christmas": {kind: dateOf, n: 1225}, "xmas": {kind: dateOf, n: 1225},
		"thanksgiving": {kind: dateOf, n: 1128},
		"holidays":     {kind: dateOf, n: 102}, "easter": {kind: dateOf, n: 420}, "halloween": {kind: dateOf, n: 1031},
		"spring": {kind: dateOf, n: 320}, "summer": {kind: dateOf, n: 621},
		"fall": {kind: dateOf, n: 922}, "autumn": {kind: dateOf, n: 922}, "winter": {kind: dateOf, n: 1221}}
)

// point is a day, perhaps with an hour.
func (c *clock) point() (moment, bool) {
	m, ok := c.date()
	if !ok {
		return m, false
	}
	c.is("at around by after in")
	start := c.at
	c.skip("the about around")
	switch h, ok := c.time(); {
	case ok && h.minute < 8*60 && !h.exact:
		m.clock = h.minute + 12*60
	case ok:
		m.clock = h.minute
	case c.is("morning"):
		m.clock = 8 * 60
	case c.is("noon lunch lunchtime"):
		m.clock = 12 * 60
	case c.is("afternoon"):
		m.clock = 12 * 60
	case c.is("evening night"):
		m.clock = 17 * 60
	default:
		c.at = start
	}
	return m, true
}

// date is a day, a week, a month.
func (c *clock) date() (moment, bool) {
	c.skip("on the a this coming of")
	next := c.is("next following")
	end := false
	if c.word(0) == "end" && c.word(1) == "of" || c.word(0) == "end" && c.word(1) == "the" {
		c.at++
		end = true
		c.skip("of the this")
		next = c.is("next")
	}
	w := c.word(0)
	if full, ok := abbrevs[w]; ok {
		w = full
	}
	for i, day := range weekdays {
		if w == day || w == day+"s" {
			c.at++
			if next {
				return moment{kind: nextDay, n: i}, true
			}
			return moment{kind: weekday, n: i}, true
		}
	}
	beyond := 1
	if next && end {
		beyond = 2
	}
	switch {
	case c.is("today day") && (w == "today" || end):
		return moment{kind: inDays, n: 1}, true
	case c.is("tomorrow"):
		return moment{kind: inDays, n: 1}, true
	case c.is("tonight"):
		return moment{kind: inDays, n: 0, clock: 18 * 60}, true
	case (next || end) && c.is("week"):
		return moment{kind: inWeeks, n: beyond}, true
	case (next || end) && c.is("month"):
		return moment{kind: inMonths, n: beyond}, true
	case (next || end) && c.is("year season"):
		return moment{kind: inYears, n: beyond}, true
	case c.is("weekend"):
		return moment{kind: weekday, n: 5}, true
	case w == "new" && c.word(1) == "year" || w == "new" && c.word(1) == "years":
		c.at += 2
		return moment{kind: dateOf, n: 101}, true
	}
	if m, ok := dayEvents[w]; ok {
		c.at++
		return m, true
	}
	return c.monthDay()
}

// monthDay is "the 15th", "December 15", "12/15".
func (c *clock) monthDay() (moment, bool) {
	w := c.word(0)
	if month, day, ok := strings.Cut(w, "/"); ok {
		day, _, _ := strings.Cut(day, "/")
		m, ok1 := atoi(month)
		d, ok2 := atoi(day)
		if ok1 && ok2 && m >= 1 && m <= 12 && d >= 1 && d <= 31 {
			c.at++
			return moment{kind: dateOf, n: 100*m + d}, true
		}
	}
	if m := slices.Index(months, w); m >= 0 {
		c.at++
		c.skip("the")
		d, ok := c.ordinal(true)
		if !ok {
			d = 1
		}
		return moment{kind: dateOf, n: 100*(m+1) + d}, true
	}
	if d, ok := c.ordinal(false); ok {
		if c.is("of") {
			if m := slices.Index(months, c.word(0)); m >= 0 {
				c.at++
				return moment{kind: dateOf, n: 100*(m+1) + d}, true
			}
		}
		return moment{kind: dayOf, n: d}, true
	}
	return moment{}, false
}

// ordinal is "15th", "fifteenth", and "15" behind a month.
func (c *clock) ordinal(bare bool) (int, bool) {
	w := c.word(0)
	if i := slices.Index(ordinals, w); i > 0 {
		c.at++
		return i, true
	}
	digits := strings.TrimRight(w, "thsndr")
	if n, ok := atoi(digits); ok && n >= 1 && n <= 31 && (bare || digits != w) {
		c.at++
		return n, true
	}
	if n := slices.Index(numbers, w); bare && n > 0 {
		c.at++
		return n, true
	}
	return 0, false
}

// day is "today", "on Sundays", "this week", "next month": none of it.
func (c *clock) day() (When, bool) {
	on := c.is("on over during in of for por en")
	c.skip("the all any")
	over := func(m moment, plus int) (When, bool) {
		m.plus += plus
		return When{until: m}, true
	}
	this := c.is("this")
	if this {
		c.skip("the")
	}
	switch {
	case c.is("today tonight"):
		return days(1), true
	case c.is("tomorrow"):
		return days(2), true
	case this && c.is("morning"):
		return When{until: moment{kind: byClock, n: 12 * 60}}, true
	case this && c.is("afternoon evening night"):
		return days(1), true
	case this && c.is("week"):
		return When{until: moment{kind: inWeeks, n: 1}}, true
	case this && c.is("month"):
		return When{until: moment{kind: inMonths, n: 1}}, true
	case this && c.is("year"):
		return When{until: moment{kind: inYears, n: 1}}, true
	case c.is("weekend weekends sabbath shabbat shabbos"):
		return When{until: moment{kind: weekday, n: 0}}, true
	case c.is("weekday weekdays") || on && c.word(-1) == "the" && c.is("week"):
		return When{until: moment{kind: weekday, n: 5}}, true
	case c.word(0) == "next" && c.word(1) == "week":
		c.at += 2
		return When{until: moment{kind: inWeeks, n: 2}}, true
	case c.word(0) == "next" && c.word(1) == "month":
		c.at += 2
		return When{until: moment{kind: inMonths, n: 2}}, true
	case c.word(0) == "next" && c.word(1) == "year":
		c.at += 2
		return When{until: moment{kind: inYears, n: 2}}, true
	}
	w := c.word(0)
	if m, ok := c.date(); ok && (on || slices.Contains(weekdays, strings.TrimSuffix(w, "s")) || w == "next") {
		if m.kind == dateOf && slices.Contains(months, w) && m.n%100 == 1 && on {
			m.n = m.n + 100 // in December: until the next month
		}
		if m.kind == dateOf && (w == "holidays" || w == "christmas") {
			m.plus++
		}
		return over(m, 1)
	}
	return When{}, false
}
