package table

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// When is a point in time as a file says it.
type When struct {
	At  time.Time
	Day string // 2006-01-02, if the file says no more than the day; At is then its midnight in the zone asked for

	Local bool // it has no offset of its own
}

// ErrOrder is a date that does not say which of its parts is the month: 11/12/2026, or a
// number of days. It is for whoever knows the file to say.
var ErrOrder = errors.New("ambiguous date: the order of its parts is unknown")

// US is the order month, day, year, of --dates us.
const US = "us"

var errNoTime = errors.New("want a time such as 2026-11-22T18:00:00Z, 2026-11-22 18:00 or 2026-11-22")

// ErrGap is a time of day that a day does not have.
var ErrGap = errors.New("this time does not exist on that day: the clocks go forward")

var (
	isoDate = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{1,2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?)? ?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$`)
	usDate  = regexp.MustCompile(`^(\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2}))(?:,? +(.*))?$`)
	yearly  = regexp.MustCompile(`^(\d{4}[/.]\d{1,2}[/.]\d{1,2})(?:,? +(.*))?$`)
	named   = regexp.MustCompile(`^(\d{1,2}[ -][A-Za-z]{3,9}\.?,?[ -]\d{4}|[A-Za-z]{3,9}\.? \d{1,2},? \d{4})(?:,? +(.*))?$`)
	serial  = regexp.MustCompile(`^\d{4,6}(?:\.\d+)?$`)
)

// ParseWhen reads a date or a time. Without an offset it is in the zone in; order is "",
// or [US] if whoever knows the file says so. An error is [ErrOrder], [ErrGap], or says
// what is wanted.
func ParseWhen(s string, in *time.Location, order string) (When, error) {
	s = strings.Join(strings.Fields(s), " ")
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return iso(m, in)
	}
	if !usDate.MatchString(s) && !yearly.MatchString(s) && !named.MatchString(s) && !serial.MatchString(s) {
		return When{}, errNoTime
	}
	if order != US {
		return When{}, ErrOrder
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if n < 1 || n >= lastSerial {
			return When{}, errNoTime
		}
		at := serialTime(n)
		return wall(at, serialForm(n) == time.DateOnly, in)
	}
	for re, forms := range map[*regexp.Regexp][]string{
		usDate: {"1/2/2006", "1/2/06"},
		yearly: {"2006/1/2"},
		named:  {"2 Jan 2006", "2 January 2006", "Jan 2 2006", "January 2 2006"},
	} {
		m := re.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		day := m[1]
		if re == named {
			day = strings.NewReplacer(".", "", ",", "", "-", " ").Replace(day)
		} else {
			day = strings.NewReplacer("-", "/", ".", "/").Replace(day)
		}
		return spoken(day, strings.ToUpper(m[2]), forms, in)
	}
	return When{}, errNoTime
}

// iso is a date in the order of ISO 8601, as Postgres writes it too.
func iso(m []string, in *time.Location) (When, error) {
	text, form := m[1], time.DateOnly
	if m[2] == "" {
		if m[5] != "" {
			return When{}, errNoTime
		}
		at, err := time.Parse(form, text)
		if err != nil {
			return When{}, errNoTime
		}
		return wall(at, true, in)
	}
	if text, form = text+" "+m[2], form+" 15:04"; m[3] != "" {
		text, form = text+m[3], form+":05"
	}
	if m[4] != "" {
		if m[3] == "" {
			return When{}, errNoTime
		}
		text += "." + m[4]
	}
	at, err := time.Parse(form, text)
	if err != nil {
		return When{}, errNoTime
	}
	zone := strings.ReplaceAll(m[5], ":", "")
	switch zone {
	case "":
		return wall(at, false, in)
	case "Z", "UTC", "GMT":
		return When{At: at}, nil
	}
	if len(zone) == len("+00") {
		zone += "00"
	}
	offset, err := time.Parse("-0700", zone)
	if err != nil {
		return When{}, errNoTime
	}
	_, east := offset.Zone()
	return When{At: time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.FixedZone("", east))}, nil
}

// spoken is a date, and maybe a time of day, in one of some forms.
func spoken(day, clock string, forms []string, in *time.Location) (When, error) {
	for _, form := range forms {
		date, err := time.Parse(form, day)
		if err != nil {
			continue
		}
		if clock == "" {
			return wall(date, true, in)
		}
		for _, hours := range []string{"15:04", "15:04:05", "3:04 PM", "3:04:05 PM", "3:04PM", "3:04:05PM", "3 PM", "3PM"} {
			if c, err := time.Parse(hours, clock); err == nil {
				return wall(date.Add(time.Duration(c.Hour())*time.Hour+time.Duration(c.Minute())*time.Minute+time.Duration(c.Second())*time.Second), false, in)
			}
		}
	}
	return When{}, errNoTime
}

// wall is what the clocks of a zone show.
func wall(t time.Time, wholeDay bool, in *time.Location) (When, error) {
	if in == nil {
		in = time.UTC
	}
	at := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), in)
	if wholeDay {
		return When{at, t.Format(time.DateOnly), true}, nil
	}
	if at.Hour() != t.Hour() || at.Minute() != t.Minute() {
		return When{}, ErrGap
	}
	return When{At: at, Local: true}, nil
}

// lastSerial is the day after 9999-12-31 as Excel counts days.
const lastSerial = 2958466

// serialTime is a day as Excel counts them: 1 is the first of 1900, and it takes 1900 for
// a leap year.
func serialTime(n float64) time.Time {
	seconds := time.Duration(n*86400+0.5) * time.Second
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(seconds)
}

func serialForm(n float64) string {
	if n == float64(int64(n)) {
		return time.DateOnly
	}
	return time.DateTime
}

// isDay tells whether a number in a workbook shows itself as a day.
func isDay(shown string) bool {
	day, _, _ := strings.Cut(strings.TrimSpace(shown), " ")
	parts := strings.FieldsFunc(day, func(r rune) bool { return r == '/' || r == '-' || r == '.' })
	return len(parts) == 3 && len(day) >= len("1/2/06") || named.MatchString(shown)
}
