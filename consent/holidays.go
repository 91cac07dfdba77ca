package consent

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rickar/cal/v2/us"
)

// epochDay is a date as the number of days since 1970-01-01.
type epochDay int

func dayOf(year int, month time.Month, day int) epochDay {
	return epochDay(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

func (d epochDay) weekday() time.Weekday {
	return time.Weekday(((int(d)+int(time.Thursday))%7 + 7) % 7)
}

func (d epochDay) date() time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// The years for which the federal holidays are worked out.
const (
	holidaysFrom = 2020
	holidaysTo   = 2080
)

// federalHolidays is the eleven legal holidays of 5 USC 6103, by date: both the day
// itself and the Friday or Monday on which it is kept, for a person may be at home
// with reason on either.
var federalHolidays = sync.OnceValue(func() map[epochDay]string {
	days := map[epochDay]string{}
	for year := holidaysFrom; year <= holidaysTo; year++ {
		for _, h := range us.Holidays {
			actual, observed := h.Calc(year)
			if actual.IsZero() {
				continue
			}
			if d := dayOf(observed.Date()); days[d] == "" {
				days[d] = h.Name + " (observed)"
			}
			days[dayOf(actual.Date())] = h.Name
		}
	}
	return days
})

// parseHoliday reads a dated row of a state's own holidays: "2027-02-09 Mardi Gras", or with
// the law and how sure that is, "2027-02-09 Mardi Gras | La. R.S. 1:55 | med".
func parseHoliday(s string) (epochDay, string, error) {
	parts := strings.Split(s, " | ")
	date, name, _ := strings.Cut(parts[0], " ")
	t, err := time.Parse(time.DateOnly, date)
	sourced := len(parts) == 3 && strings.TrimSpace(parts[1]) != "" && slices.Contains(confidences, parts[2])
	if err != nil || strings.TrimSpace(name) == "" || len(parts) > 1 && !sourced {
		return 0, "", fmt.Errorf("%q is not a holiday: want a date and a name, and optionally the law and the confidence, "+
			"such as 2027-02-09 Mardi Gras | La. R.S. 1:55 | med", s)
	}
	return dayOf(t.Date()), strings.TrimSpace(name), nil
}

// confidences are how sure a source is.
var confidences = []string{"high", "med", "low"}

// holidaysOf is the days that a state keeps: the federal ones and its own. Last is
// the last year for which its own are written down; 0 if it has none.
func holidaysOf(row StateRow) (days func(epochDay) string, last int) {
	own := make(map[epochDay]string, len(row.ExtraHolidays))
	for _, s := range row.ExtraHolidays {
		if d, name, err := parseHoliday(s); err == nil {
			own[d], last = name, max(last, d.date().Year())
		}
	}
	federal := federalHolidays()
	return func(d epochDay) string {
		if name := federal[d]; name != "" {
			return name
		}
		return own[d]
	}, last
}
