package consent

import (
	"fmt"
	"strings"
	"time"
)

// sayHours is a reason: it is 21:40 in New York (Virginia) and 20:40 in Chicago
// (Virginia); calls are allowed 08:00–21:00.
func (e *evaluation) sayHours(clocks []zoneClock, state, rule string, fails bool) []byte {
	b := e.sayTime(make([]byte, 0, 96), clocks, state)
	d, _ := localTime(e.now, clocks[0].zone)
	plan := clocks[0].plan
	w := plan.on(d)
	b = append(b, "; "...)
	b = append(b, rule...)
	b = append(b, ' ')
	b = append(b, w.String()...)
	if plan.holiday == nil && w != plan.days[time.Monday] {
		b = append(b, " on "...)
		b = append(b, d.weekday().String()...)
		b = append(b, 's')
	}
	if fails && clocks[0].open(e.now) {
		b = fmt.Appendf(b, ", and no call starts in the last %s", minutes(e.margin()))
	}
	return b
}

// sayTime says what time it is by each clock.
func (e *evaluation) sayTime(b []byte, clocks []zoneClock, state string) []byte {
	b = append(b, "it is "...)
	for i, c := range clocks {
		if i > 0 {
			b = append(b, " and "...)
		}
		_, minute := localTime(e.now, c.zone)
		b = appendMinutes(b, minute)
		b = append(b, " in "...)
		town := city(c.zone)
		b = append(b, town...)
		if name := stateName(state); state != "" && name != town {
			b = append(b, " ("...)
			b = append(b, name...)
			b = append(b, ')')
		}
	}
	return b
}

func minutes(d time.Duration) string {
	if d == time.Minute {
		return "minute"
	}
	return fmt.Sprintf("%d minutes", int(d/time.Minute))
}

// city is the town that a zone is named after.
func city(zone *time.Location) string {
	name := zone.String()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.ReplaceAll(name, "_", " ")
}

// sayDay says what day it is by a clock, and why there are no calls on it.
func (e *evaluation) sayDay(c zoneClock, state string, fails bool) []byte {
	d, _ := localTime(e.now, c.zone)
	name := ""
	if c.plan.holiday != nil {
		name = c.plan.holiday(d)
	}
	switch {
	case !fails:
		return fmt.Appendf(nil, "it is %s in %s, and calls are allowed that day", d.weekday(), stateName(state))
	case c.plan.days[d.weekday()].closed():
		return fmt.Appendf(nil, "it is %s in %s, where no calls are allowed on %ss", d.weekday(), stateName(state),
			d.weekday())
	case name != "" && c.plan.onHoliday.closed():
		return fmt.Appendf(nil, "it is %s in %s, where no calls are allowed on holidays", name, stateName(state))
	case name != "":
		return e.sayHours([]zoneClock{c}, state, "on "+name+" calls are allowed", fails)
	}
	return fmt.Appendf(nil, "it is nearly midnight in %s, and no calls are allowed on the next day", stateName(state))
}
