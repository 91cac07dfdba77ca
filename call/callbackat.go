package call

import (
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// callbackFar is how far away a call back may be: what was said longer ago is stale, and the
// number may be somebody else's.
const callbackFar = 60 * 24 * time.Hour

// The forms of a time: with its zone, and without.
var (
	timesWithZone = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00"}
	localTimes    = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"}
)

// whenAsked reads the time at which somebody wants to be called back. One without a zone is in the
// one that is named, or in the only one that the person can be in as far as is known. What it
// returns is on that clock. The error is for the agent, and begins with the field.
func whenAsked(at, zone string, req consent.Request, now time.Time) (time.Time, error) {
	place, err := clockOf(zone, req)
	if err != nil {
		return time.Time{}, err
	}
	t, zoned := parseTime(at, place)
	switch {
	case t.IsZero():
		return t, errors.New("at: want a time such as 2026-11-24T15:00:00-08:00, or 2026-11-24T15:00 with the zone")
	case !zoned && place == nil:
		return t, errors.New("zone: ask the caller where they are, and say it, such as America/Chicago: nothing shows which clock is meant")
	}
	if place != nil {
		t, now = t.In(place), now.In(place)
	} else {
		now = now.In(t.Location())
	}
	switch {
	case !t.After(now):
		return t, fmt.Errorf("at: it is in the past: it is %s now", clockTime(now))
	case t.After(now.Add(callbackFar)):
		return t, fmt.Errorf("at: it is more than 60 days away: it is %s now", clockTime(now))
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

// clockOf is the zone that is named, else the one in which the person is, if there is only one; nil
// if there are several.
func clockOf(zone string, req consent.Request) (*time.Location, error) {
	var zones []string
	area, _ := req.To.Area()
	switch {
	case zone != "":
		place, err := phone.LoadZone(zone)
		if err != nil {
			return nil, errors.New("zone: not a time zone; want one such as America/New_York")
		}
		return place, nil
	case req.Location.Zone != "":
		zones = []string{req.Location.Zone}
	case req.Location.State != "":
		zones = phone.StateZones(req.Location.State)
	default:
		zones = area.Zones
	}
	if len(zones) != 1 {
		return nil, nil
	}
	place, err := phone.LoadZone(zones[0])
	if err != nil {
		return nil, nil
	}
	return place, nil
}

// clockTime is a time as an agent reads it: with the weekday, which it would else make up.
func clockTime(t time.Time) string { return t.Format("Monday 2006-01-02T15:04Z07:00") }
