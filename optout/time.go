package optout

import (
	"fmt"
	"slices"
	"strings"
)

// What has no length is reckoned so, in minutes.
const (
	soft     = 24 * 60     // "yet", "for now", "before my shift ends"
	softNow  = 2 * 60      // "right now", "at the moment"
	softWork = 4 * 60      // "while I am driving", "during the meeting"
	softLong = 7 * 24 * 60 // "for a while", "until I am back"
)

// clock is the reading of a time in a row of words.
type clock struct {
	words sentence
	at    int
}

func (c *clock) word(ahead int) string {
	if i := c.at + ahead; i >= 0 && i < len(c.words) {
		return c.words[i]
	}
	return ""
}

// is takes a word if it is one of a list, separated by blanks.
func (c *clock) is(list string) bool {
	if w := c.word(0); w != "" && w != "," && strings.Contains(" "+list+" ", " "+w+" ") {
		c.at++
		return true
	}
	return false
}

// skip takes words of a list as long as they come.
func (c *clock) skip(list string) {
	for c.is(list) {
	}
}

// timeAt is a time that begins at a word, and where it ends; 0 if none does.
func timeAt(words sentence, at int) (w When, end int) {
	c := &clock{words, at}
	for _, form := range []func() (When, bool){c.until, c.span, c.hours, c.now, c.day, c.part, c.clause} {
		c.at = at
		if w, ok := form(); ok {
			return w, c.at
		}
	}
	return When{}, 0
}

func minutes(n int) When { return When{until: moment{kind: inMinutes, n: n}} }

func days(n int) When { return When{until: moment{kind: inDays, n: n}} }

func after(minute int) When {
	return When{After: fmt.Sprintf("%02d:%02d", minute/60, minute%60)}
}

func before(minute int) When {
	return When{Before: fmt.Sprintf("%02d:%02d", minute/60, minute%60)}
}

// until is "until Monday", "till after lunch", "before Friday".
func (c *clock) until() (When, bool) {
	till := c.is("until till til")
	if !till && !c.is("before") {
		return When{}, false
	}
	c.skip("at about around like least maybe around approximately")
	late := c.is("after")
	c.skip("the a of like around")
	start := c.at
	if m, ok := c.point(); ok {
		if late && m.clock == 0 && m.kind != inMinutes && m.kind != atClock && m.kind != byClock {
			m.plus++
		}
		return When{until: m}, true
	}
	c.at = start
	if h, ok := c.time(); ok && till {
		kind := atClock
		if h.exact {
			kind = byClock
		}
		return When{until: moment{kind: kind, n: h.minute}}, true
	}
	if !till { // "before noon" is an hour of every day, and [clock.hours] reads it
		return When{}, false
	}
	c.at = start
	if e := c.event(); e != nil {
		return When{until: moment{kind: byClock, n: e.till}}, true
	}
	if c.is("further") && c.is("notice") || c.word(0) == "" {
		return When{}, false
	}
	if c.is("i you we they he she it my our this that everything her his their there someone christmas yo mi me") {
		if w := c.word(0); w == "call" || w == "say" || w == "tell" || w == "contact" || w == "ask" { // who may never
			return When{}, false
		}
		return minutes(softLong), true
	}
	if c.is("later") {
		return minutes(softWork), true
	}
	return minutes(soft), true
}

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
	case preposition && (c.word(0) == "a" && c.word(1) == "while" || c.word(0) == "while" || c.word(0) == "some" && c.word(1) == "time"):
		c.at += 2
		return minutes(softLong), true
	case preposition && (c.word(0) == "a" && c.word(1) == "bit" || c.word(0) == "a" && c.word(1) == "sec"):
		c.at += 2
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
var numbers = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen " +
	"seventeen eighteen nineteen twenty")

var moreNumbers = map[string]int{"a": 1, "an": 1, "few": 3, "couple": 2, "several": 4, "some": 3, "twenty": 20, "thirty": 30, "forty": 40,
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
