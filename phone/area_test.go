package phone

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones must be known on any machine

	"github.com/nyaruka/phonenumbers"
)

func number(t *testing.T, s string) Number {
	t.Helper()
	n, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestArea(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, number string
		kind         AreaKind
		country      string
		state, zones string
	}{
		{"Manhattan is in New York", "+12125550142", AreaState, "US", "NY", "America/New_York"},
		{"an overlay is where its elder is", "+13325550142", AreaState, "US", "NY", "America/New_York"},
		{"the Florida panhandle keeps two zones", "+18505550142", AreaState, "US", "FL", "America/New_York America/Chicago"},
		{"so does its overlay", "+14485550142", AreaState, "US", "FL", "America/New_York America/Chicago"},
		{"Idaho is one area and two zones", "+12085550142", AreaState, "US", "ID", "America/Denver America/Los_Angeles"},
		{"Phoenix moves no clocks", "+16025550142", AreaState, "US", "AZ", "America/Phoenix"},
		{"northern Arizona does in part", "+19285550142", AreaState, "US", "AZ", "America/Phoenix America/Denver"},
		{"Alaska reaches to Adak", "+19075550142", AreaState, "US", "AK", "America/Anchorage America/Adak"},
		{"El Paso is not on Dallas's time", "+19155550142", AreaState, "US", "TX", "America/Denver"},
		{"Puerto Rico is a territory", "+17875550142", AreaState, "US", "PR", "America/Puerto_Rico"},
		{"Guam is on the other side of the date line", "+16715550142", AreaState, "US", "GU", "Pacific/Guam"},
		{"Toronto is not in the US", "+14165550142", AreaAbroad, "CA", "", ""},
		{"nor is Jamaica", "+18765550142", AreaAbroad, "JM", "", ""},
		{"nor the British Virgin Islands", "+12845550142", AreaAbroad, "VG", "", ""},
		{"a toll-free number is nowhere", "+18335550142", AreaTollfree, "", "", ""},
		{"a premium number is nowhere", "+19005550142", AreaPremium, "", "", ""},
		{"nor is one that follows its holder", "+15005550142", AreaNowhere, "", "", ""},
		{"911 is no area", "+19115550142", AreaService, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a, ok := number(t, tt.number).Area()
			if !ok || a.Kind != tt.kind || a.Country != tt.country || a.State != tt.state ||
				strings.Join(a.Zones, " ") != tt.zones || a.Code != tt.number[2:5] {
				t.Errorf("Area() = %+v, %v", a, ok)
			}
		})
	}
}

func TestNumbersWithoutArea(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, number string }{
		{"an area code that nobody has been given", "+19995550142"},
		{"one that can't be", "+10235550142"},
		{"a number of another country", "+442079460123"},
		{"a digit short", "+1212555014"},
		{"a digit too many", "+121255501423"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if a, ok := number(t, tt.number).Area(); ok {
				t.Errorf("Area() = %+v", a)
			}
		})
	}
	if a, ok := (Number{}).Area(); ok || (Number{}).Exchange() != "" {
		t.Errorf("the zero Number is in %+v", a)
	}
	if got := number(t, "+12129765014").Exchange(); got != "976" {
		t.Errorf("Exchange() = %q", got)
	}
}

// Each state has an area code, no code is in the table twice, and every zone is one.
func TestAreaTableIsComplete(t *testing.T) {
	t.Parallel()
	if n := len(States()); n != 56 {
		t.Errorf("%d states, not 50 + DC + 5 territories", n)
	}
	seen := map[string]bool{}
	once := func(codes string) {
		for _, code := range strings.Fields(codes) {
			if len(code) != 3 || code[0] < '2' || seen[code] {
				t.Errorf("area code %q is in the table twice, or is none", code)
			}
			seen[code] = true
		}
	}
	states := map[string]bool{}
	for _, r := range domestic {
		once(r.codes)
		states[r.state] = true
		for _, z := range strings.Fields(r.zones) {
			if !slices.Contains(StateZones(r.state), z) {
				t.Errorf("%s: %s is no zone of %s", r.codes, z, r.state)
			}
		}
	}
	for _, r := range abroad {
		once(r.codes)
	}
	for _, r := range placeless {
		once(r.codes)
	}
	for _, s := range States() {
		if !states[s] {
			t.Errorf("%s has no area code", s)
		}
	}
	for _, name := range ZoneNames() {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}

// Names that stand for one way of telling the time really do, from now on.
func TestZonesOfOneNameTellTheSameTime(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range ZoneNames() {
		a, _ := time.LoadLocation(name)
		b, err := time.LoadLocation(ZoneOf(name))
		if err != nil {
			t.Fatal(err)
		}
		for at := from; at.Year() < 2031; at = at.Add(6 * time.Hour) {
			_, x := at.In(a).Zone()
			_, y := at.In(b).Zone()
			if x != y {
				t.Errorf("%s and %s differ on %s", name, ZoneOf(name), at)
				break
			}
		}
	}
	if ZoneOf("Europe/Paris") != "" || ZoneOf("") != "" {
		t.Error("a zone outside the US has a name here")
	}
}

// Whatever libphonenumber calls a US number of a place, the table has, in the state
// of its towns and with every zone that libphonenumber gives any of its exchanges.
func TestAreaTableHoldsWhatLibphonenumberKnows(t *testing.T) {
	t.Parallel()
	// Its own slips: Orlando's overlay on Chicago's time, one exchange of Adak's on Honolulu's.
	except := map[string]string{"689": central, "907": hawaii}
	known := 0
	for code := 200; code < 1000; code++ {
		prefix := fmt.Sprintf("+1%d", code)
		zones, towns, valid := map[string]bool{}, map[string]bool{}, false
		for exchange := 200; exchange < 1000; exchange++ {
			s := fmt.Sprintf("%s%d", prefix, exchange)
			names, err := phonenumbers.GetTimezonesForPrefix(s + "4567")
			if err != nil {
				t.Fatal(err)
			}
			if len(names) > 10 {
				names = nil // no place at all
			}
			for _, name := range names {
				zones[name] = true
			}
			if exchange%50 == 34 {
				n, err := phonenumbers.Parse(s+"4567", "US")
				if err != nil {
					t.Fatal(err)
				}
				valid = valid || phonenumbers.GetRegionCodeForNumber(n) == "US"
				town, _ := phonenumbers.GetGeocodingForNumber(n, "en")
				towns[town] = true
			}
		}
		if !valid {
			continue
		}
		known++
		a, ok := number(t, prefix+"2345678").Area()
		if !ok || a.Country != "US" && a.Country != "" {
			t.Errorf("%d is in the US, but Area() = %+v, %v", code, a, ok)
			continue
		}
		for name := range zones {
			if zone := ZoneOf(name); zone != except[a.Code] && !slices.Contains(a.Zones, zone) && a.Kind == AreaState {
				t.Errorf("%d: some of it is in %s, but Zones = %v", code, name, a.Zones)
			}
		}
		for town := range towns {
			if _, state, ok := strings.Cut(town, ", "); ok && len(state) == 2 && state != a.State {
				t.Errorf("%d: %s is in it, but State = %s", code, town, a.State)
			}
		}
	}
	if known < 370 {
		t.Errorf("libphonenumber knows %d area codes of the US: the test is broken", known)
	}
}
