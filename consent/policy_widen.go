package consent

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Widened is something that a policy allows and the built-in one does not.
type Widened struct {
	Path string // in the policy file: states.CO, caps, allow_states.NY
	What string // "sunday none → 10:00-17:00"
	Approval

	rules []string // whose results it bears on, by prefix
}

// wider is a field of a row that allows more than the built-in one.
type wider struct {
	field, rule, what string
}

// deviceRank and writtenRank order the words of a row by how much they ask.
var (
	deviceRank  = map[string]int{"": 0, deviceAllow: 0, deviceCounsel: 1, deviceBlock: 2}
	writtenRank = map[string]int{"": 0, "mobile": 1, "all": 2}
)

// widerThan is the fields of a row that allow more than those of the built-in one.
func (r StateRow) widerThan(was StateRow) (list []wider) {
	add := func(more bool, field, rule, from, to string) {
		if more {
			list = append(list, wider{field, rule, fmt.Sprintf("%s %s → %s", field, cmp.Or(from, "none"), cmp.Or(to, "none"))})
		}
	}
	hours := func(key, rule, from, to string) { add(!windowOf(to).within(windowOf(from)), key, rule, from, to) }
	hours("weekdays", "hours.state", was.MonFri, r.MonFri)
	hours("saturday", ofDay(was.Saturday), was.Saturday, r.Saturday)
	hours("sunday", ofDay(was.Sunday), was.Sunday, r.Sunday)
	hours("holidays", "holiday.state", was.Holidays, r.Holidays)
	add(was.Cap > 0 && (r.Cap == 0 || r.Cap > was.Cap), "cap", "frequency.state", fmt.Sprint(was.Cap), fmt.Sprint(r.Cap))
	add(was.Cap > 0 && r.Cap > 0 && r.CapHours < was.CapHours, "cap_hours", "frequency.state",
		fmt.Sprint(was.CapHours), fmt.Sprint(r.CapHours))
	add(deviceRank[r.Device] < deviceRank[was.Device], "device", "device.state", was.Device, r.Device)
	add(writtenRank[r.Written] < writtenRank[was.Written], "written", "consent.state", was.Written, r.Written)
	for _, b := range []struct {
		field, rule string
		was, is     bool
	}{
		{"list", "dnc.state", was.List, r.List}, {"registration", "registration.state", was.Register, r.Register},
		{"all_party", "recording.consent.two_party", was.AllParty, r.AllParty}, {"emergency_ban", "emergency.state",
			was.Emergency, r.Emergency},
		{"caller_zone", "hours.state", was.CallerZone, r.CallerZone},
	} {
		add(b.was && !b.is, b.field, b.rule, "true", "false")
	}
	var gone []string
	for _, d := range was.ExtraHolidays {
		if !slices.Contains(r.ExtraHolidays, d) && !sameDay(r.ExtraHolidays, d) {
			gone = append(gone, d)
		}
	}
	from, to := was.holidaysUntil(), r.holidaysUntil()
	add(to > from, "extra_holidays until", "holiday.state", fmt.Sprint(from), fmt.Sprint(to))
	if gone != nil {
		list = append(list, wider{"extra_holidays", "holiday.state", fmt.Sprintf("extra_holidays without %s",
			strings.Join(gone, ", "))})
	}
	return list
}

// holidaysUntil is the last year whose holidays a row knows: after it the state is held.
func (r StateRow) holidaysUntil() int {
	_, last := holidaysOf(r)
	return cmp.Or(last, holidaysTo)
}

// ofDay is the rule that a weekday's hours belong to: a day that is closed altogether is
// the holidays' rule.
func ofDay(text string) string {
	if windowOf(text).closed() {
		return "holiday.state"
	}
	return "hours.state"
}

// windowOf is the window of a row's word; of holidays that are days like any other, the
// whole day.
func windowOf(text string) timeWindow {
	if text == holidaysOK {
		return wholeDay
	}
	w, _ := parseWindow(text)
	return w
}

// within tells whether a window is part of another.
func (w timeWindow) within(v timeWindow) bool {
	return w.closed() || v.open <= w.open && w.shut <= v.shut
}

// sameDay tells whether a list of holidays has the day of one, by whatever name.
func sameDay(list []string, holiday string) bool {
	day, _, err := parseHoliday(holiday)
	return err == nil && slices.ContainsFunc(list, func(h string) bool {
		d, _, err := parseHoliday(h)
		return err == nil && d == day
	})
}

// narrowed is a row of which the fields that allow more are the built-in ones.
func (r StateRow) narrowed(was StateRow) StateRow {
	for _, w := range r.widerThan(was) {
		switch w.field {
		case "weekdays":
			r.MonFri = was.MonFri
		case "saturday":
			r.Saturday = was.Saturday
		case "sunday":
			r.Sunday = was.Sunday
		case "holidays":
			r.Holidays = was.Holidays
		case "cap", "cap_hours":
			r.Cap, r.CapHours = was.Cap, was.CapHours
		case "device":
			r.Device, r.DeviceCitation = was.Device, was.DeviceCitation
		case "written":
			r.Written, r.WrittenCitation = was.Written, was.WrittenCitation
		case "list":
			r.List = was.List
		case "registration":
			r.Register = was.Register
		case "all_party":
			r.AllParty = was.AllParty
		case "emergency_ban":
			r.Emergency = was.Emergency
		case "caller_zone":
			r.CallerZone = was.CallerZone
		case "extra_holidays until":
			last := was.holidaysUntil()
			r.ExtraHolidays = slices.DeleteFunc(slices.Clone(r.ExtraHolidays), func(h string) bool {
				d, _, err := parseHoliday(h)
				return err != nil || d.date().Year() > last
			})
		case "extra_holidays":
			r.ExtraHolidays = inOrder(append(slices.Clone(r.ExtraHolidays), was.ExtraHolidays...))
		}
	}
	return r
}
