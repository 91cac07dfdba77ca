package consent

import (
	"errors"
	"strings"
	"testing"
)

func TestNumbersThatNoCallCouldReach(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ number, why string }{
		{"+12125552671", ""},
		{"+17872352671", ""}, // Puerto Rico
		{"+12125550142", "fiction"},
		{"+1212235261", "a number that begins with +1 must have ten more digits"},
		{"+11232352671", "area codes and exchanges do not begin with 0 or 1"},
		{"+12129112671", "N11"},
		{"+12112352671", "N11"},
		{"+14162352671", "another country"},
		{"+442079460123", "only US numbers are called"},
		{"+2122352616", "only US numbers are called"},
		{"+18002352671", "toll-free"},
		{"+19002352671", "premium"},
		{"+12129762671", "premium"},
		{"+15002352671", "the area code belongs to a service, not a place: the called party may pay for the call"},
		{"+12722352671", ""},
		{"+12002352671", "is not assigned, as of"},
	} {
		got := Unreachable(number(x.number))
		if (got == "") != (x.why == "") || !strings.Contains(got, x.why) {
			t.Errorf("%s: %q, want %q", x.number, got, x.why)
		}
	}
}

// What a number must be depends on what is told of it: a refusal is taken for all.
func TestFactsOfNumbersThatNoCallCouldReach(t *testing.T) {
	t.Parallel()
	for kind, f := range told() {
		for _, n := range []string{"+442079460123", "+12125550142", "+1212235261", "+18002352671"} {
			f.Number = number(n)
			err := f.Validate(noon)
			var bad FieldErrors
			refused := errors.As(err, &bad) && len(bad) == 1 && bad[0].Field == "number"
			switch kind {
			case Grant, Scrub, NumberFact:
				if !refused || strings.Contains(err.Error(), n[2:]) {
					t.Errorf("%s of %s: %v", kind, f.Number, err)
				}
			default:
				if err != nil {
					t.Errorf("%s of %s: %v", kind, f.Number, err)
				}
			}
		}
	}
}

// A zone that the gate can't use blocks every call, so it is refused at once.
func TestZonesAreCheckedWhenWritten(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, field, says string
		f                 Fact
	}{
		{"an abbreviation", "zone", "want America/New_York", lookedUp(func(f *Fact) { f.Zone = "EST" })},
		{"an offset", "zone", "fixed offset", lookedUp(func(f *Fact) { f.Zone = "Etc/GMT+5" })},
		{"abroad", "zone", "not a US time zone", lookedUp(func(f *Fact) { f.State, f.Zone = "", "Europe/London" })},
		{"one that is not of its state", "zone", "not one of Florida",
			lookedUp(func(f *Fact) { f.State, f.Zone = "FL", "America/Los_Angeles" })},
		{"an abbreviation in a preference", "zone", "want America/Chicago", told()[Preference].in("CST")},
		{"an offset in a preference", "zone", "fixed offset", told()[Preference].in("UTC")},
		{"another name of one of its state", "", "", lookedUp(func(f *Fact) { f.State, f.Zone = "MI", "America/Detroit" })},
		{"an old name that the gate knows", "", "", lookedUp(func(f *Fact) { f.State, f.Zone = "NY", "US/Eastern" })},
		{"abroad, in a preference", "", "", told()[Preference].in("Europe/London")},
	} {
		err := x.f.Validate(noon)
		var bad FieldErrors
		errors.As(err, &bad)
		if (err == nil) != (x.field == "") || err != nil && (len(bad) != 1 || bad[0].Field != x.field ||
			!strings.Contains(bad[0].Problem, x.says)) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}

func (f Fact) in(zone string) Fact {
	f.Zone = zone
	return f
}
