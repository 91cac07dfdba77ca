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
		2026: "Jan 1 New Year's Day, Jan 19 Martin Luther King Jr. Day, Feb 16 Presidents' Day, May 25 Memorial Day, " +
			"Jun 19 Juneteenth, Jul 3 Independence Day (observed), " +
			"Jul 4 Independence Day, Sep 7 Labor Day, Oct 12 Columbus Day, Nov 11 Veterans Day, Nov 26 Thanksgiving Day, " +
			"Dec 25 Christmas Day",
		2027: "Jan 1 New Year's Day, Jan 18 Martin Luther King Jr. Day, Feb 15 Presidents' Day, May 31 Memorial Day, " +
			"Jun 18 Juneteenth (observed), Jun 19 Juneteenth, " +
			"Jul 4 Independence Day, Jul 5 Independence Day (observed), Sep 6 Labor Day, Oct 11 Columbus Day, Nov 11 " +
			"Veterans Day, Nov 25 Thanksgiving Day, " +
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
// year until 2030, each with its source and how sure that is.
func TestStatesOwnHolidays(t *testing.T) {
	t.Parallel()
	type law map[string]func(year int) time.Time
	on := func(month time.Month, day int) func(int) time.Time {
		return func(y int) time.Time { return time.Date(y, month, day, 0, 0, 0, 0, time.UTC) }
	}
	nth := func(month time.Month, day time.Weekday, n int) func(int) time.Time {
		return func(y int) time.Time { return weekdayOf(y, month, day, n) }
	}
	last := func(month time.Month, day time.Weekday) func(int) time.Time {
		return func(y int) time.Time { return weekdayOf(y, month+1, day, 1).AddDate(0, 0, -7) }
	}
	fromEaster := func(days int) func(int) time.Time {
		return func(y int) time.Time { return easter(y).AddDate(0, 0, days) }
	}
	moved := func(day func(int) time.Time, from time.Weekday, by int) func(int) time.Time { // only if it falls on that day
		return func(y int) time.Time {
			if t := day(y); t.Weekday() == from {
				return t.AddDate(0, 0, by)
			}
			return time.Time{}
		}
	}
	election := func(y int) time.Time { return weekdayOf(y, time.November, time.Monday, 1).AddDate(0, 0, 1) }
	general := func(y int) time.Time {
		if y%2 == 1 {
			return time.Time{}
		}
		return election(y)
	}
	afterThanksgiving := func(y int) time.Time { return weekdayOf(y, time.November, time.Thursday, 4).AddDate(0, 0, 1) }
	juneteenth := func(y int) time.Time { // on a Monday: the one before, or after a weekend
		t := time.Date(y, time.June, 19, 0, 0, 0, 0, time.UTC)
		switch t.Weekday() {
		case time.Monday: // the federal day
			return time.Time{}
		case time.Saturday:
			return t.AddDate(0, 0, 2)
		case time.Sunday:
			return t.AddDate(0, 0, 1)
		}
		return t.AddDate(0, 0, int(time.Monday-t.Weekday()))
	}
	mardiGras, goodFriday := fromEaster(-47), fromEaster(-2)
	saints, flag, pioneer := on(time.November, 1), on(time.June, 14), on(time.July, 24)
	laws := map[string]law{
		"AL": {"Mardi Gras": mardiGras, "Confederate Memorial Day": nth(time.April, time.Monday, 4),
			"Jefferson Davis' Birthday": nth(time.June, time.Monday, 1)},
		"LA": {"Mardi Gras": mardiGras, "Good Friday": goodFriday, "All Saints' Day": saints,
			"All Saints' Day (observed)": moved(saints, time.Sunday, 1),
			"Battle of New Orleans":      on(time.January, 8), "Huey P. Long Day": on(time.August, 30),
			"Acadian Day": afterThanksgiving, "Election Day": general},
		"MS": {"Confederate Memorial Day": last(time.April, time.Monday)},
		"NE": {"Arbor Day": last(time.April, time.Friday), "day after Thanksgiving": afterThanksgiving},
		"PA": {"Good Friday": goodFriday, "Flag Day": flag, "Flag Day (observed)": moved(flag, time.Sunday, 1),
			"Election Day": election, "Lincoln's Birthday": on(time.February, 12)},
		"RI": {"Victory Day": nth(time.August, time.Monday, 2), "Rhode Island Independence Day": on(time.May, 4),
			"Election Day": general},
		"UT": {"Pioneer Day": pioneer, "Pioneer Day (observed)": moved(pioneer, time.Saturday, -1),
			"Juneteenth (observed)": juneteenth},
	}
	for state, row := range Builtin().States {
		var want, got []string
		for name, on := range laws[state] {
			for year := 2026; year <= 2030; year++ {
				if day := on(year); !day.IsZero() {
					want = append(want, day.Format(time.DateOnly)+" "+name)
				}
			}
		}
		for _, h := range row.ExtraHolidays {
			parts := strings.Split(h, " | ")
			if got = append(got, parts[0]); len(parts) != 3 {
				t.Errorf("%s: %s has no source", state, h)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s keeps %q, want %q", state, got, want)
		}
		if row.Holidays == holidaysOK && len(want) > 0 {
			t.Errorf("%s has holidays of its own and takes calls on them", state)
		}
	}
}
