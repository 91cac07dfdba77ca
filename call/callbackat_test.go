package call

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// A time is read on the clock that it names, else on the only one that the person can have.
func TestWhenAsked(t *testing.T) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC) // a Tuesday, noon in New York
	for _, x := range []struct {
		at, zone, to string
		location     consent.Location
		want         string
	}{
		{"2026-11-25T15:00:00-05:00", "", "+12125552671", consent.Location{}, "Wednesday 2026-11-25T15:00-05:00"},
		{"2026-11-25T15:00-08:00", "", "+12125552671", consent.Location{}, "Wednesday 2026-11-25T18:00-05:00"},
		{"2026-11-25T15:00:00Z", "", "+12125552671", consent.Location{}, "Wednesday 2026-11-25T10:00-05:00"},
		{"2026-11-25T15:00", "", "+12125552671", consent.Location{}, "Wednesday 2026-11-25T15:00-05:00"},
		{"2026-11-25 15:00:00", "", "+12125552671", consent.Location{Zone: "America/Denver"}, "Wednesday 2026-11-25T15:00-07:00"},
		{"2026-11-25T15:00", "America/Los_Angeles", "+12125552671", consent.Location{Zone: "America/Denver"}, "Wednesday 2026-11-25T15:00-08:00"},
		{"2026-11-25T15:00", "", "+12125552671", consent.Location{State: "CA"}, "Wednesday 2026-11-25T15:00-08:00"},
		{"2026-11-25T15:00", "", "+12125552671", consent.Location{State: "FL"}, "zone: ask the caller where they are"},
		{"2026-11-25T15:00", "", "+18505552671", consent.Location{}, "zone: ask the caller where they are"},
		{"2026-11-25T15:00+01:00", "", "+442071838750", consent.Location{}, "Wednesday 2026-11-25T15:00+01:00"},
		{"2026-11-24T12:00", "", "+12125552671", consent.Location{}, "at: it is in the past: it is Tuesday 2026-11-24T12:00-05:00 now"},
		{"2027-01-23T12:00", "", "+12125552671", consent.Location{}, "Saturday 2027-01-23T12:00-05:00"},
		{"2027-01-23T12:01", "", "+12125552671", consent.Location{}, "at: it is more than 60 days away"},
		{"at three", "", "+12125552671", consent.Location{}, "at: want a time"},
		{"2026-11-25T15:00", "Local", "+12125552671", consent.Location{}, "zone: not a time zone"},
	} {
		to, err := phone.Parse(x.to)
		if err != nil {
			t.Fatal(err)
		}
		at, err := whenAsked(x.at, x.zone, consent.Request{To: to, Location: x.location}, now)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = clockTime(at)
		}
		if !strings.HasPrefix(got, x.want) {
			t.Errorf("%s in %q of %+v is %s, want %s", x.at, x.zone, x.location, got, x.want)
		}
	}
}

// A no is no consent, however polite; anything else is for a person to judge.
func TestDeclines(t *testing.T) {
	for text, want := range map[string]bool{"No.": true, "No, thanks!": true, "no… no": true, "Don’t.": true, "No, gracias.": true, "Not now": true,
		"No problem, call me at three.": false, "Yes.": false, "No, tomorrow at four.": false, "Sure, why not?": false, "": false} {
		if got := (utterance{text: text}).declines(); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What is remembered of the caller's words is bounded.
func TestWordsAreBounded(t *testing.T) {
	now := time.Now()
	var w wishes
	for range 5 {
		w.heard(utterance{text: strings.Repeat("ä", 2000), at: now})
	}
	if words := w.words(now); len(words) != 3*utteranceMost+2 || !strings.HasSuffix(words, "ä") {
		t.Errorf("%d bytes are kept", len(words))
	}
	if words := w.words(now.Add(2 * time.Minute)); len(words) != utteranceMost {
		t.Errorf("%d bytes of what was said long ago", len(words))
	}
}
