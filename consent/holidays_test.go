package consent

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFederalHolidays(t *testing.T) {
	t.Parallel()
	got := map[int]string{}
	days := federalHolidays()
	for year := 2026; year <= 2027; year++ {
		var list []string
		for d := dayOf(year, 1, 1); d < dayOf(year+1, 1, 1); d++ {
			if days[d] != "" {
				list = append(list, d.date().Format("Jan 2 ")+days[d])
			}
		}
		got[year] = strings.Join(list, ", ")
	}
	want := map[int]string{
		2026: "Jan 1 New Year's Day, Jan 19 Martin Luther King Jr. Day, Feb 16 Presidents' Day, May 25 Memorial Day, Jun 19 Juneteenth, Jul 3 Independence Day (observed), " +
			"Jul 4 Independence Day, Sep 7 Labor Day, Oct 12 Columbus Day, Nov 11 Veterans Day, Nov 26 Thanksgiving Day, Dec 25 Christmas Day",
		2027: "Jan 1 New Year's Day, Jan 18 Martin Luther King Jr. Day, Feb 15 Presidents' Day, May 31 Memorial Day, Jun 18 Juneteenth (observed), Jun 19 Juneteenth, " +
			"Jul 4 Independence Day, Jul 5 Independence Day (observed), Sep 6 Labor Day, Oct 11 Columbus Day, Nov 11 Veterans Day, Nov 25 Thanksgiving Day, " +
			"Dec 24 Christmas Day (observed), Dec 25 Christmas Day, Dec 31 New Year's Day (observed)",
	}
	for year := range want {
		if got[year] != want[year] {
			t.Errorf("%d:\n%s\nwant\n%s", year, got[year], want[year])
		}
	}
}

// easter is Easter Sunday of a year, by the rule of Meeus, Jones and Butcher.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 19*l) / 433
	month := (h + l - 7*m + 90) / 25
	return time.Date(year, time.Month(month), (h+l-7*m+33*month+19)%32, 0, 0, 0, 0, time.UTC)
}

// weekdayOf is the nth weekday of a month.
func weekdayOf(year int, month time.Month, day time.Weekday, n int) time.Time {
	t := time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
	return t.AddDate(0, 0, (int(day-t.Weekday())+7)%7+7*(n-1))
}

// The dated rows of the states' own holidays are those of their laws, for each
// year until 2030.
func TestStatesOwnHolidays(t *testing.T) {
	t.Parallel()
	laws := map[string]map[string]func(year int) time.Time{
		"AL": {
			"Mardi Gras":                func(y int) time.Time { return easter(y).AddDate(0, 0, -47) },
			"Confederate Memorial Day":  func(y int) time.Time { return weekdayOf(y, time.April, time.Monday, 4) },
			"Jefferson Davis' Birthday": func(y int) time.Time { return weekdayOf(y, time.June, time.Monday, 1) },
		},
		"LA": {
			"Mardi Gras":      func(y int) time.Time { return easter(y).AddDate(0, 0, -47) },
			"Good Friday":     func(y int) time.Time { return easter(y).AddDate(0, 0, -2) },
			"All Saints' Day": func(y int) time.Time { return time.Date(y, time.November, 1, 0, 0, 0, 0, time.UTC) },
		},
		"RI": {"Victory Day": func(y int) time.Time { return weekdayOf(y, time.August, time.Monday, 2) }},
		"UT": {"Pioneer Day": func(y int) time.Time { return time.Date(y, time.July, 24, 0, 0, 0, 0, time.UTC) }},
	}
	for state, row := range Builtin().States {
		var want []string
		for name, on := range laws[state] {
			for year := 2026; year <= 2030; year++ {
				want = append(want, on(year).Format(time.DateOnly)+" "+name)
			}
		}
		if state == "UT" {
			want = append(want, "2027-07-23 Pioneer Day (observed)") // the 24th is a Saturday
		}
		slices.Sort(want)
		if !slices.Equal(row.ExtraHolidays, want) && len(row.ExtraHolidays)+len(want) > 0 {
			t.Errorf("%s keeps %q, want %q", state, row.ExtraHolidays, want)
		}
		if (row.Holidays == holidaysOK) != (len(want) == 0) && len(want) > 0 {
			t.Errorf("%s has holidays of its own and takes calls on them", state)
		}
	}
}
