package optout

import (
	"slices"
	"strings"
)

// wantedAt is when calls are wanted, by the words at a place: "after six", "on Friday", "in the
// afternoon", "only on weekends". Who asks for one call, soon ("in an hour", "later today") or at an
// hour of a day ("tomorrow at three"), has said nothing about the others.
func wantedAt(words sentence, at int) (When, bool) {
	c := &clock{words, at}
	c.skip("back again instead only just any time anytime sometime maybe preferably or not either solo solamente mejor")
	start := c.at
	for _, form := range []func() (When, bool){c.afterWanted, c.beforeWanted, c.betweenWanted, c.partWanted, c.dayWanted} {
		c.at = start
		if w, ok := form(); ok {
			return w, !w.empty()
		}
	}
	return When{}, false
}

func (c *clock) afterWanted() (When, bool) {
	if !c.is("after past") {
		return When{}, false
	}
	c.skip("like around about the")
	start := c.at
	if h, ok := c.time(); ok {
		return h.bound(true), true
	}
	c.at = start
	if m, ok := c.point(); ok {
		if m.clock == 0 {
			m.plus++
		}
		return When{until: m}, true
	}
	c.at = start
	if e := c.event(); e != nil && e.from < 20*60 {
		return after(e.till), true
	}
	return When{}, false
}

func (c *clock) beforeWanted() (When, bool) {
	if !c.is("before") {
		return When{}, false
	}
	c.skip("like around about the")
	start := c.at
	if h, ok := c.time(); ok {
		return h.bound(false), true
	}
	c.at = start
	if e := c.event(); e != nil && e.from > 8*60 {
		return before(e.from), true
	}
	return When{}, false
}

func (c *clock) betweenWanted() (When, bool) {
	from, to, ok := c.between()
	if !ok {
		return When{}, false
	}
	if to.minute <= from.minute {
		to.minute += 12 * 60
	}
	return When{After: after(from.minute).After, Before: before(min(to.minute, 24*60-1)).Before}, true
}

// partWanted is "in the afternoon", "evenings", "during lunch".
func (c *clock) partWanted() (When, bool) {
	if c.word(0) == "this" || !c.is("in during at on over by for en por") && !strings.HasSuffix(c.word(0), "s") {
		return When{}, false
	}
	c.skip("the my early late middle of")
	e := c.event()
	if e == nil || slices.Contains([]string{"work", "job", "school", "church", "business", "office"}, c.word(-1)) {
		return When{}, false
	}
	return When{After: after(e.from).After, Before: before(e.till).Before}, true
}

// dayWanted is "tomorrow", "Friday at ten", "next week", "on the weekend". What may be a name
// ("call me April", "call me first") is a day only behind a preposition.
func (c *clock) dayWanted() (When, bool) {
	preposition := c.is("on over during in for en")
	article := c.word(0) == "the" || c.word(0) == "a"
	c.skip("the a")
	if c.is("weekend weekends") {
		return When{until: moment{kind: weekday, n: 5}}, true
	}
	if c.is("weekday weekdays") || preposition && article && c.is("week") {
		return When{until: moment{kind: weekday, n: 0}}, true
	}
	if c.word(0) == "day" && c.word(1) == "after" && c.word(2) == "tomorrow" {
		return days(2), true
	}
	w := c.word(0)
	plain := w == "tomorrow" || w == "next" || slices.Contains(weekdays, strings.TrimSuffix(w, "s")) || abbrevs[w] != ""
	if w == "today" || w == "tonight" || w == "this" || !plain && !preposition && !article {
		return When{}, false
	}
	start := c.at
	if m, ok := c.date(); ok && m.clock == 0 {
		c.is("at around by in")
		c.skip("the about around like")
		if _, ok := c.time(); ok {
			return When{}, false
		}
	}
	c.at = start
	m, ok := c.point()
	return When{until: m}, ok
}
