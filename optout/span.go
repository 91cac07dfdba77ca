package optout

import (
	"slices"
	"strings"
)

// span is "for an hour", "in the next two weeks", "the rest of the day".
func (c *clock) span() (When, bool) {
	preposition := c.is("for in over within during por")
	c.skip("at least about like another the these next following coming maybe least more than only")
	switch {
	case c.is("rest remainder"):
		c.skip("of the this")
		switch {
		case c.is("day today evening afternoon morning"):
			return days(1), true
		case c.is("week"):
			return When{until: moment{kind: inWeeks, n: 1}}, true
		case c.is("month"):
			return When{until: moment{kind: inMonths, n: 1}}, true
		case c.is("year"):
			return When{until: moment{kind: inYears, n: 1}}, true
		}
		return When{}, false
	case preposition && c.is("now moment time") && !(c.word(-1) == "time" && !c.is("being")):
		return minutes(soft), true
	case preposition && c.is("today tonight"):
		return days(1), true
	case preposition && c.is("tomorrow"):
		return days(2), true
	case preposition && (c.are("a", "while") || c.are("some", "time") || c.is("while")):
		return minutes(softLong), true
	case preposition && (c.are("a", "bit") || c.are("a", "sec")):
		return minutes(softWork), true
	}
	n, ok := c.number()
	if !ok {
		n = 1
		if c.word(-1) != "next" && c.word(-1) != "another" && c.word(-1) != "following" && c.word(-1) != "coming" {
			return When{}, false
		}
		if !preposition && c.word(-1) == "next" { // "next week" is a week of the calendar
			return When{}, false
		}
	}
	c.skip("of more good solid full business whole other")
	unit := c.word(0)
	w, ok := spanOf(n, strings.TrimSuffix(unit, "s"))
	if !ok {
		return When{}, false
	}
	c.at++
	if c.is("and") && c.is("a") && c.is("half") {
		w.until.n += w.until.n / (2 * max(1, n))
	}
	if !preposition && c.is("before") { // "two hours before"
		return When{}, false
	}
	return w, true
}

func spanOf(n int, unit string) (When, bool) {
	switch unit {
	case "minute", "min":
		return minutes(n), true
	case "hour", "hr":
		return minutes(60 * n), true
	case "day", "night", "morning", "evening":
		return minutes(24 * 60 * n), true
	case "week":
		return minutes(7 * 24 * 60 * n), true
	case "fortnight":
		return minutes(14 * 24 * 60 * n), true
	case "month":
		return minutes(30 * 24 * 60 * n), true
	case "year":
		return minutes(365 * 24 * 60 * n), true
	}
	return When{}, false
}

// numbers is the words for numbers, at the place of their value; "few" is three.
var numbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen " +
	"fifteen sixteen seventeen eighteen nineteen twenty")

var moreNumbers = map[string]int{"a": 1, "an": 1, "few": 3, "couple": 2, "several": 4, "some": 3,
	"twenty": 20, "thirty": 30, "forty": 40,
	"fortyfive": 45, "fifty": 50, "sixty": 60, "ninety": 90, "half": 0}

// number takes a number of units. Half of one is written as minutes of the unit's name: none
// but half an hour is said.
func (c *clock) number() (int, bool) {
	if c.word(0) == "half" && (c.word(1) == "an" || c.word(1) == "a" || c.word(1) == "hour") {
		c.at++
		c.skip("an a")
		if c.word(0) == "hour" {
			c.words = slices.Concat(c.words[:c.at], sentence{"minutes"}, c.words[c.at+1:])
			return 30, true
		}
		return 1, true
	}
	c.is("a")
	w := c.word(0)
	if n, ok := moreNumbers[w]; ok {
		c.at++
		return n, true
	}
	if n := slices.Index(numbers, w); n >= 0 {
		c.at++
		return n, true
	}
	if n, ok := atoi(w); ok && n > 0 && n < 1000 {
		c.at++
		return n, true
	}
	if c.word(-1) == "a" || c.word(-1) == "an" {
		return 1, true
	}
	return 0, false
}

func atoi(w string) (n int, ok bool) {
	for i := range len(w) {
		if w[i] < '0' || w[i] > '9' || n > 9999 {
			return 0, false
		}
		n = 10*n + int(w[i]-'0')
	}
	return n, w != ""
}
