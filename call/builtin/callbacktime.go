package builtin

import (
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// maxCallbackAway is how far away a call back may be: what was said longer ago is stale, and the
// number may be somebody else's.
const maxCallbackAway = 60 * 24 * time.Hour

// The forms of a time: with its zone, and without.
var (
	timesWithZone = []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00",
	}
	localTimes = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
)

// whenAsked reads the time at which somebody wants to be called back. One without a zone is in the one that is named,
// or on the person's clock; that may be nil. What it returns is on that clock. The error is for the agent, and begins
// with the field.
func whenAsked(at, zone string, place *time.Location, now time.Time) (time.Time, error) {
	if zone != "" {
		var err error
		if place, err = phone.LoadZone(zone); err != nil {
			return time.Time{}, errors.New("zone: not a time zone; want one such as America/New_York")
		}
	}
	t, zoned := parseTime(at, place)
	switch {
	case t.IsZero():
		return t, errors.New("at: want a time such as 2026-11-24T15:00:00-08:00, or 2026-11-24T15:00 with the zone")
	case !zoned && place == nil:
		return t, errors.New(
			"zone: ask the caller where they are, and say it, such as America/Chicago: nothing shows which clock is meant")
	}
	if place != nil {
		t, now = t.In(place), now.In(place)
	} else {
		now = now.In(t.Location())
	}
	switch {
	case !t.After(now):
		return t, fmt.Errorf("at: it is in the past: it is %s now", ClockTime(now))
	case t.After(now.Add(maxCallbackAway)):
		return t, fmt.Errorf("at: it is more than 60 days away: it is %s now", ClockTime(now))
	}
	return t, nil
}

// parseTime reads a time; without a zone of its own it is in place, which may be nil.
func parseTime(s string, place *time.Location) (t time.Time, zoned bool) {
	for _, form := range timesWithZone {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	if place == nil {
		place = time.UTC
	}
	for _, form := range localTimes {
		if t, err := time.ParseInLocation(form, s, place); err == nil {
			return t, false
		}
	}
	return time.Time{}, false
}

// ClockTime is a time as an agent reads it: with the weekday, which it would else make up.
func ClockTime(t time.Time) string { return t.Format("Monday 2006-01-02T15:04Z07:00") }
