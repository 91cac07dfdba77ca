package optout

import (
	"slices"
	"strings"
)

// hour is a time of day. One that is said without am or pm, and isn't noon, is not exact.
type hour struct {
	minute int
	exact  bool
}

// time is "ten", "5:30 pm", "half past six", "noon", "6 in the morning".
func (c *clock) time() (h hour, ok bool) {
	switch {
	case c.is("noon midday"):
		return hour{12 * 60, true}, true
	case c.is("midnight"):
		return hour{24*60 - 1, true}, true
	}
	add := 0
	if c.word(0) == "half" && c.word(1) == "past" {
		c.at, add = c.at+2, 30
	} else if c.word(0) == "quarter" && (c.word(1) == "past" || c.word(1) == "to") {
		if add = 15; c.word(1) == "to" {
			add = -15
		}
		c.at += 2
	}
	w := c.word(0)
	digits, half := w, ""
	for _, suffix := range []string{"am", "pm"} {
		if d, ok := strings.CutSuffix(w, suffix); ok && d != "" {
			digits, half = d, suffix
		}
	}
	hh, mm, colon := strings.Cut(digits, ":")
	n, isNumber := atoi(hh)
	minute, _ := atoi(mm)
	if !isNumber {
		if n = slices.Index(numbers, w); n < 1 || n > 12 {
			return h, false
		}
	}
	if n > 24 && n%100 < 60 && n/100 <= 24 && !colon { // 1030
		n, minute = n/100, n%100
	}
	if n > 24 || minute > 59 {
		return h, false
	}
	c.at++
	if !colon && half == "" {
		if i := c.word(0); i == "thirty" || i == "fifteen" || i == "fortyfive" || i == "30" || i == "15" || i == "45" {
			c.at++
			minute, _ = atoi(strings.NewReplacer("thirty", "30", "fifteen", "15", "fortyfive", "45").Replace(i))
		}
	}
	if c.is("minute minutes hour hours day days week weeks month months year years time times ring rings people") {
		return h, false
	}
	c.is("oclock sharp")
	switch {
	case half != "":
	case c.is("am"), c.word(0) == "a" && c.word(1) == "m" && c.is("a") && c.is("m"):
		half = "am"
	case c.is("pm"), c.word(0) == "p" && c.word(1) == "m" && c.is("p") && c.is("m"):
		half = "pm"
	default:
		half = c.half()
	}
	h = hour{n*60 + minute + add, half != "" || n > 12 || n == 12}
	if half == "pm" && n < 12 {
		h.minute += 12 * 60
	}
	return h, true
}

// half is "in the morning", "at night": am or pm.
func (c *clock) half() string {
	start := c.at
	if c.is("in at of por") {
		c.skip("the")
		if c.is("morning") {
			return "am"
		}
		if c.is("afternoon evening night") {
			return "pm"
		}
	}
	c.at = start
	return ""
}

// event is what stands for an hour of the day: when it begins, and when it is over.
type event struct {
	names      string
	from, till int // minutes after midnight
}

var events = []event{
	{"breakfast", 7 * 60, 10 * 60}, {"lunch lunchtime lunchbreak", 12 * 60, 14 * 60},
	{"dinner dinnertime supper suppertime", 17 * 60, 20 * 60},
	{"work hours office workday shift job business", 8 * 60, 18 * 60},
	{"school class classes", 8 * 60, 16 * 60},
	{"church mass service", 9 * 60, 14 * 60},
	{"dark sunset bedtime bed", 20 * 60, 23 * 60}, {"nap naptime", 13 * 60, 16 * 60},
	{"morning mornings sunrise", 8 * 60, 12 * 60},
	{"afternoon afternoons", 12 * 60, 17 * 60},
	{"evening evenings", 17 * 60, 21 * 60}, {"night nights nighttime", 18 * 60, 21 * 60},
	{"day daytime", 8 * 60, 18 * 60},
}

// event takes an event that has its hour.
func (c *clock) event() *event {
	c.skip("my the our family his her i am at in business working office work regular normal")
	for _, back := range []int{0, 1} { // "work" may be the event itself
		for i := range events {
			if w := c.word(-back); w != "" && strings.Contains(" "+events[i].names+" ", " "+w+" ") {
				c.at += 1 - back
				c.skip("time hours hour break day")
				return &events[i]
			}
		}
	}
	return nil
}

// hours is "before nine", "after dinner", "between 5 and 7", "any earlier than ten".
func (c *clock) hours() (When, bool) {
	c.skip("any")
	early, late := c.is("before earlier sooner"), false
	if !early {
		late = c.is("after past later beyond following")
	}
	switch {
	case early || late:
		c.is("than")
		c.skip("like around about the")
		start := c.at
		if h, ok := c.time(); ok {
			return h.bound(early), true
		}
		c.at = start
		if m, ok := c.point(); ok && early {
			return When{until: m}, true
		}
		c.at = start
		if e := c.event(); e != nil && early && e.names != "dark sunset bedtime bed" {
			return after(e.till), true
		} else if e != nil && !early {
			return before(e.from), true
		}
		return When{}, false
	case c.word(0) == "between" || c.word(0) == "from":
		from, _, ok := c.between()
		return before(from.minute), ok
	case c.is("at"):
		h, ok := c.time()
		if !ok || !h.exact && h.minute < 60 {
			return When{}, false
		}
		if h.minute < 8*60 && !h.exact || h.minute >= 12*60 {
			return h.bound(false), true
		}
		return after(h.minute + 60), true
	}
	return When{}, false
}

// between is "between five and seven", "from nine to noon".
func (c *clock) between() (from, to hour, ok bool) {
	if !c.is("between from") {
		return from, to, false
	}
	if from, ok = c.time(); !ok || !c.is("and to until till through") {
		return from, to, false
	}
	if to, ok = c.time(); !ok || to.exact && !from.exact && to.minute < 12*60 {
		from.exact = true
	}
	if from.minute < 8*60 && !from.exact {
		from.minute += 12 * 60
	}
	return from, to, ok
}

// bound is the hours of the day before which, or from which on, nobody calls. "Six" is six in the
// evening, "nine" is nine in the morning as a beginning and nine in the evening as an end.
func (h hour) bound(early bool) When {
	if !h.exact && (h.minute < 8*60 || !early && h.minute < 12*60) {
		h.minute += 12 * 60
	}
	if early {
		return after(min(h.minute, 24*60-1))
	}
	return before(min(h.minute, 24*60-1))
}
