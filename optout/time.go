package optout

import (
	"fmt"
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

// are takes two words.
func (c *clock) are(first, second string) bool {
	if c.word(0) != first || c.word(1) != second {
		return false
	}
	c.at += 2
	return true
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
