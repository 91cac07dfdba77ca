package consent

import "time"

// statePlan is a state's row of the policy, ready to be asked about a time.
type statePlan struct {
	row   StateRow
	hours *dayPlan // the hours of a day; those of weekdays on a day that is closed altogether
	days  *dayPlan // the days on which the state wants no calls, or fewer; nil if it has none
}

// planOf makes a row ready. The row must have been checked.
func planOf(row StateRow) statePlan {
	weekdays, _ := parseWindow(row.MonFri)
	saturday, _ := parseWindow(row.Saturday)
	sunday, _ := parseWindow(row.Sunday)
	p := statePlan{row: row, hours: daily(weekdays), days: daily(wholeDay)}
	for _, d := range []struct {
		weekday time.Weekday
		window  timeWindow
	}{{time.Saturday, saturday}, {time.Sunday, sunday}} {
		if d.window.closed() {
			p.days.days[d.weekday] = timeWindow{}
		} else {
			p.hours.days[d.weekday] = d.window
		}
	}
	if row.Holidays != holidaysOK {
		last := holidaysTo
		holiday, own := holidaysOf(row)
		if own != 0 {
			last = own
		}
		p.days.holiday, p.days.until = holiday, dayOf(last+1, time.January, 1)
		p.days.onHoliday, _ = parseWindow(row.Holidays)
	} else if !saturday.closed() && !sunday.closed() {
		p.days = nil
	}
	return p
}

// state is a state's plan. It is not ok for one without a row.
func (p *Policy) state(code string) (statePlan, bool) {
	if p.plans == nil { // a policy that nobody loaded
		row, ok := p.States[code]
		return planOf(row), ok
	}
	plan, ok := p.plans[code]
	return plan, ok
}

// stateName is a state as a reason says it.
func stateName(code string) string {
	if name, ok := stateNames[code]; ok {
		return name
	}
	return code
}

var stateNames = map[string]string{
	"AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
	"CT": "Connecticut",
	"DE": "Delaware", "DC": "the District of Columbia", "FL": "Florida", "GA": "Georgia", "HI": "Hawaii",
	"ID": "Idaho", "IL": "Illinois",
	"IN": "Indiana", "IA": "Iowa", "KS": "Kansas", "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine",
	"MD": "Maryland", "MA": "Massachusetts",
	"MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska",
	"NV": "Nevada",
	"NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
	"ND": "North Dakota", "OH": "Ohio",
	"OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina",
	"SD": "South Dakota", "TN": "Tennessee",
	"TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington", "WV": "West Virginia",
	"WI": "Wisconsin", "WY": "Wyoming",
	"PR": "Puerto Rico", "VI": "the US Virgin Islands", "GU": "Guam", "AS": "American Samoa",
	"MP": "the Northern Mariana Islands",
}
