package consent

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/phone"
)

func TestWindow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"08:00-21:00", "08:00–21:00"},
		{"00:00-24:00", "00:00–24:00"},
		{"none", "00:00–00:00"},
	} {
		if w, err := parseWindow(tt.in); err != nil || w.String() != tt.want {
			t.Errorf("parseWindow(%q) = %v, %v", tt.in, w, err)
		}
	}
	for _, in := range []string{"", "ok", "8:00-21:00", "21:00-08:00", "08:00-08:00", "08:00-24:01", "08:60-21:00",
		"08:00–21:00", "08:00-21:00 ", "aa:bb-cc:dd"} {
		if w, err := parseWindow(in); err == nil {
			t.Errorf("parseWindow(%q) = %v", in, w)
		}
	}
}

// drawInstant is a time of the years to come, often of a day on which clocks are
// changed.
func drawInstant(t *rapid.T) time.Time {
	day := rapid.SampledFrom([]time.Time{
		time.Date(2027, 3, 13, 20, 0, 0, 0, time.UTC), time.Date(2027, 11, 6, 20, 0, 0, 0, time.UTC),
		time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), time.Date(2027, 12, 30, 0, 0, 0, 0, time.UTC),
		time.Date(2028, 2, 28, 0, 0, 0, 0, time.UTC),
	}).Draw(t, "day")
	return day.Add(time.Duration(rapid.IntRange(0, 2*24*60*60).Draw(t, "second")) * time.Second)
}

func drawZone(t *rapid.T) *time.Location {
	return zoneTable()[rapid.SampledFrom(phone.ZoneNames()).Draw(t, "zone")]
}

func drawWindow(t *rapid.T) timeWindow {
	open := rapid.OneOf(rapid.Just(0), rapid.IntRange(0, 5*60), rapid.IntRange(0, minutesOfDay-1)).Draw(t, "open")
	return timeWindow{open, rapid.OneOf(rapid.Just(minutesOfDay), rapid.IntRange(open, minutesOfDay)).Draw(t, "shut")}
}

// What next finds is what going through all minutes finds, also where clocks are
// changed and where windows are odd.
func TestNextIsTheFirstMinuteThatIsAllowed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plan := &dayPlan{}
		for i := range plan.days {
			plan.days[i] = drawWindow(t)
		}
		c := zoneClock{drawZone(t), plan}
		from := drawInstant(t)
		end := from.Add(3 * 24 * time.Hour)
		margin := time.Duration(rapid.IntRange(0, 10).Draw(t, "margin")) * time.Minute

		want, found := from, c.opens(from, margin)
		for at := from.Truncate(time.Minute).Add(time.Minute); !found && !at.After(end); at = at.Add(time.Minute) {
			want, found = at, c.opens(at, margin)
		}
		got, ok := c.next(from, margin, end)
		if ok != found || ok && !got.Equal(want) {
			t.Fatalf("next(%s) = %s, %v; want %s, %v", from.In(c.zone), got.In(c.zone), ok, want.In(c.zone), found)
		}
	})
}

func TestLocalTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zone := drawZone(t)
		at := time.Unix(rapid.Int64Range(-1e9, 4e9).Draw(t, "unix"), 0)
		local := at.In(zone)
		if y, _ := at.In(zone).Zone(); y == "LMT" {
			return // before there were zones
		}
		d, minute := localTime(at, zone)
		if d != dayOf(local.Date()) || d.weekday() != local.Weekday() ||
			!d.date().Equal(time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)) {
			t.Errorf("the day of %s is %d, a %s", local, d, d.weekday())
		}
		if minute != local.Hour()*60+local.Minute() {
			t.Errorf("the minute of %s is %d", local, minute)
		}
	})
}
