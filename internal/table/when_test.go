package table

import (
	"errors"
	"testing"
	"time"
)

func TestParseWhen(t *testing.T) {
	t.Parallel()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	const ten, day = "2026-11-20T10:00:00Z", "2026-11-20"
	for _, x := range []struct {
		s        string
		plain    string // without --dates: a time, a day, "order" or "bad"
		us       string // with --dates us
		in       *time.Location
		fraction time.Duration
	}{
		{s: "11/20/2026", plain: "order", us: day},
		{s: "11/20/2026 10:00 AM", plain: "order", us: ten},
		{s: "11/20/26 14:05", plain: "order", us: "2026-11-20T14:05:00Z"},
		{s: "46346", plain: "order", us: day},
		{s: "46346.4166666667", plain: "order", us: ten},
		{s: "2026-11-20 10:00:00+00", plain: ten, us: ten},
		{s: "2026-11-20 10:00:00.123456+00", plain: ten, us: ten, fraction: 123456 * time.Microsecond},
		{s: "2026-11-20 10:00:00 UTC", plain: ten, us: ten},
		{s: "2026-11-20T10:00:00.000+0000", plain: ten, us: ten},
		{s: "2026-11-20 9:05", plain: "2026-11-20T09:05:00Z", us: "2026-11-20T09:05:00Z"},
		{s: "20 Nov 2026", plain: "order", us: day},
		{s: "Nov 20, 2026", plain: "order", us: day},
		{s: "2026/11/20", plain: "order", us: day},

		{s: "2026-11-20", plain: day, us: day},
		{s: "2026-11-20T10:00:00Z", plain: ten, us: ten},
		{s: "2026-11-20T05:00:00-05:00", plain: ten, us: ten},
		{s: "2026-11-20 05:00:00-05", plain: ten, us: ten},
		{s: "2026-11-20 05:00", plain: ten, us: ten, in: newYork},
		{s: "11/20/2026 5:00 am", plain: "order", us: ten, in: newYork},
		{s: "1/2/2026 5:30 PM", plain: "order", us: "2026-01-02T17:30:00Z"},
		{s: "01-02-2026", plain: "order", us: "2026-01-02"},
		{s: "1/2/2026, 17:30:15", plain: "order", us: "2026-01-02T17:30:15Z"},
		{s: "20/11/2026", plain: "order", us: "bad"}, // no twentieth month
		{s: "2/30/2026", plain: "order", us: "bad"},
		{s: "November 20, 2026 10:00", plain: "order", us: ten},
		{s: "20-Nov-2026", plain: "order", us: day},
		{s: "2026-02-30", plain: "bad", us: "bad"},
		{s: "2026-13-01", plain: "bad", us: "bad"},
		{s: "2026-11-20 25:00", plain: "bad", us: "bad"},
		{s: "2026-11-20 10:00 EST", plain: "bad", us: "bad"},
		{s: "2026-03-08 02:30", plain: "gap", us: "gap", in: newYork},
		{s: "yesterday", plain: "bad", us: "bad"},
		{s: "", plain: "bad", us: "bad"},
		{s: "12", plain: "bad", us: "bad"},
		{s: "20261120", plain: "bad", us: "bad"},
	} {
		in := x.in
		if in == nil {
			in = time.UTC
		}
		for order, want := range map[string]string{"": x.plain, US: x.us} {
			w, err := ParseWhen(x.s, in, order)
			got := w.At.UTC().Add(-x.fraction).Format(time.RFC3339Nano)
			switch {
			case errors.Is(err, ErrOrder):
				got = "order"
			case errors.Is(err, ErrGap):
				got = "gap"
			case err != nil:
				got = "bad"
			case w.Day != "":
				got = w.Day
			}
			if got != want {
				t.Errorf("%q, dates %q: %s (%v), want %s", x.s, order, got, err, want)
			}
		}
	}
}

func FuzzParseWhen(f *testing.F) {
	for _, s := range []string{"11/20/2026 10:00 AM", "46346.4", "2026-11-20 10:00:00.1+00", "Nov 20, 2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, order := range []string{"", US} {
			if w, err := ParseWhen(s, time.UTC, order); err == nil && (w.At.Year() < 1 || w.At.Year() > 9999 || w.Day != "" && w.Day != w.At.Format(time.DateOnly)) {
				t.Errorf("%q is %+v", s, w)
			}
		}
	})
}
