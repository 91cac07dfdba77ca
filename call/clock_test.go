package call

import (
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// A clock is known if the person can be in one zone only.
func TestClock(t *testing.T) {
	for _, x := range []struct {
		to       string
		location consent.Location
		want     string
	}{
		{"+12125552671", consent.Location{}, "America/New_York"},
		{"+12125552671", consent.Location{Zone: "America/Denver"}, "America/Denver"},
		{"+12125552671", consent.Location{State: "CA"}, "America/Los_Angeles"},
		{"+12125552671", consent.Location{State: "FL"}, ""},
		{"+18505552671", consent.Location{}, ""},
		{"+442071838750", consent.Location{}, ""},
	} {
		to, err := phone.Parse(x.to)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if place := (dossier{request: consent.Request{To: to, Location: x.location}}).clock(); place != nil {
			got = place.String()
		}
		if got != x.want {
			t.Errorf("%s of %+v is in %q, want %q", x.to, x.location, got, x.want)
		}
	}
}
