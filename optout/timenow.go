package optout

import "strings"

// now is "yet", "right now", "so early", "so often", "anytime soon".
func (c *clock) now() (When, bool) {
	at := c.word(0)
	switch {
	case c.is("yet"):
		return minutes(soft), true
	case c.are("right", "now"):
		return minutes(softNow), true
	case (at == "at" || at == "in") && (c.word(1) == "this" || c.word(1) == "the") &&
		(c.word(2) == "moment" || c.word(2) == "time"):
		c.at += 3
		return minutes(softNow), true
	case c.is("now currently presently"):
		return minutes(softNow), true
	case (at == "any" && c.word(1) == "time" || at == "anytime") && (c.word(1) == "soon" || c.word(2) == "soon"):
		c.skip("any time anytime soon")
		return minutes(softLong), true
	case at == "at" && (strings.HasPrefix(c.word(2), "hour") || c.word(3) == "hour"),
		(at == "this" || at == "that") && c.word(1) == "time" && c.word(2) == "of":
		c.at += 3
		c.skip("the day night hour")
		return minutes(softWork), true
	}
	so := c.is("so too this that very real super quite")
	switch {
	case c.is("early"):
		if c.is("in") {
			c.skip("the morning")
		}
		return after(10 * 60), true
	case c.is("late"):
		if c.is("at in") {
			c.skip("the night evening")
		}
		return before(19 * 60), true
	case so && c.is("often frequently much soon many"), c.are("more", "than") && c.is("once twice one"):
		return minutes(soft), true
	case c.is("later"):
		if c.word(0) == "than" {
			return When{}, false
		}
		return minutes(soft), true
	case so && c.is("soon"), at == "soon" && c.is("soon"):
		return minutes(soft), true
	}
	return When{}, false
}

// part is "at night", "in the mornings", "during dinner", "while I am at work".
func (c *clock) part() (When, bool) {
	during := false
	at := c.word(0)
	switch {
	case c.is("during"):
		during = true
	case c.is("at in on over by por for of en around"):
	case strings.Contains(" mornings nights evenings afternoons ", " "+at+" "):
	default:
		return When{}, false
	}
	c.skip("the a my our your late early middle of this")
	start := c.at
	if e := c.event(); e != nil {
		w := c.word(-1)
		plain := strings.Contains(" work office job business school class bed church service ", " "+w+" ")
		switch {
		case !during && plain: // "at work" is a place
			return When{}, false
		case e.from < 12*60 && e.till <= 18*60:
			return after(e.till), true
		case w == "lunch" || w == "lunchtime" || e.from == 13*60:
			return after(e.till), true
		}
		return before(e.from), true
	}
	c.at = start
	if during {
		if m, ok := c.date(); ok {
			m.plus++
			return When{until: m}, true
		}
		c.at++
		return minutes(softWork), true
	}
	return When{}, false
}

// clause is "while I am driving", "when I'm with a patient", "before my shift ends".
func (c *clock) clause() (When, bool) {
	first := c.word(0)
	if !c.is("while when whenever before cuando mientras") {
		return When{}, false
	}
	if w := c.word(0); w == "" || w == "," || first == "before" && !c.is("i my we our the he she it they you yo mi") {
		return When{}, false
	}
	for i := range 6 {
		if w := c.word(i); w == "work" || w == "working" || w == "trabajando" || w == "trabajo" {
			if first != "before" {
				return after(18 * 60), true
			}
		}
	}
	if first == "before" {
		return minutes(soft), true
	}
	return minutes(softWork), true
}
