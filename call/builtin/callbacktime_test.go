package builtin

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

const newYork = "America/New_York"

// zone is a time zone; nil for none.
func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	if name == "" {
		return nil
	}
	place, err := phone.LoadZone(name)
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// A time is read on the clock that it names, else on the person's.
func TestWhenAsked(t *testing.T) {
	for _, x := range []struct{ at, zone, place, want string }{
		{"2026-11-25T15:00:00-05:00", "", newYork, "Wednesday 2026-11-25T15:00-05:00"},
		{"2026-11-25T15:00-08:00", "", newYork, "Wednesday 2026-11-25T18:00-05:00"},
		{"2026-11-25T15:00:00Z", "", newYork, "Wednesday 2026-11-25T10:00-05:00"},
		{"2026-11-25T15:00", "", newYork, "Wednesday 2026-11-25T15:00-05:00"},
		{"2026-11-25 15:00:00", "", "America/Denver", "Wednesday 2026-11-25T15:00-07:00"},
		{"2026-11-25T15:00", "America/Los_Angeles", "America/Denver", "Wednesday 2026-11-25T15:00-08:00"},
		{"2026-11-25T15:00", "", "", "zone: ask the caller where they are"},
		{"2026-11-25T15:00+01:00", "", "", "Wednesday 2026-11-25T15:00+01:00"},
		{"2026-11-24T12:00", "", newYork, "at: it is in the past: it is Tuesday 2026-11-24T12:00-05:00 now"},
		{"2027-01-23T12:00", "", newYork, "Saturday 2027-01-23T12:00-05:00"},
		{"2027-01-23T12:01", "", newYork, "at: it is more than 60 days away"},
		{"at three", "", newYork, "at: want a time"},
		{"2026-11-25T15:00", "Local", newYork, "zone: not a time zone"},
	} {
		at, err := whenAsked(x.at, x.zone, zone(t, x.place), now)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = ClockTime(at)
		}
		if !strings.HasPrefix(got, x.want) {
			t.Errorf("%s in %q, at %q, is %s, want %s", x.at, x.zone, x.place, got, x.want)
		}
	}
}

// A no is no consent, however polite; anything else is for a person to judge.
func TestDeclines(t *testing.T) {
	for text, want := range map[string]bool{
		"No.": true, "No, thanks!": true, "no… no": true, "Don’t.": true, "No, gracias.": true, "Not now": true,
		"No problem, call me at three.": false, "Yes.": false, "No, tomorrow at four.": false, "Sure, why not?": false,
		"": false,
	} {
		if got := declines(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
