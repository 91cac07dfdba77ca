package consent

import (
	"strings"
	"testing"
	"time"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	year := func(n int) time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC).AddDate(-n, 0, 0) }
	landline := func(f Fact) Fact { f.LineType = "residential_landline"; return f }
	dated := func(f Fact, at time.Time) Fact { f.OccurredAt = at; return f }
	contiguous := " anywhere:/New_York anywhere:/Chicago anywhere:/Denver anywhere:/Phoenix anywhere:/Los_Angeles"
	for _, tt := range []struct {
		clockCase
		want string
	}{
		{clockCase{name: "state and zone in the request are one place", loc: Location{"NY", newYork}}, "stated:NY/New_York"},
		{clockCase{name: "what a fact says is an address", facts: []Fact{address("NY", newYork)}}, "address:NY/New_York"},
		{clockCase{name: "the area code counts beside it", facts: []Fact{address("CA", "America/Los_Angeles")}},
			"address:CA/Los_Angeles area code:NY/New_York"},
		{clockCase{name: "and for a landline", facts: []Fact{landline(address("CA", "America/Los_Angeles"))}},
			"address:CA/Los_Angeles area code:NY/New_York"},
		{clockCase{name: "request and fact may say different things", loc: Location{"FL", newYork},
			facts: []Fact{address("CA", "America/Los_Angeles")}},
			"stated:FL/New_York address:CA/Los_Angeles area code:NY/New_York"},
		{clockCase{name: "the newest fact counts",
			facts: []Fact{dated(address("CA", "America/Los_Angeles"), year(0).Add(-time.Hour)),
				address("TX", "America/Denver")}},
			"address:TX/Denver area code:NY/New_York"},
		{clockCase{name: "whichever was written down last", facts: []Fact{address("TX", "America/Denver"),
			dated(address("CA", "America/Los_Angeles"), year(0).AddDate(0, -1, 0))}},
			"address:TX/Denver area code:NY/New_York"},
		{clockCase{name: "an address of more than a year ago is none",
			facts: []Fact{dated(address("CA", "America/Los_Angeles"), year(1).Add(-time.Hour))}},
			"area code:NY/New_York" + contiguous},
		{clockCase{name: "nor is one of the future",
			facts: []Fact{dated(address("CA", "America/Los_Angeles"), year(-1))}}, "area code:NY/New_York" + contiguous},
		{clockCase{name: "an address of eleven months ago is one",
			facts: []Fact{dated(address("CA", "America/Los_Angeles"), year(0).AddDate(0, -11, 0))}},
			"address:CA/Los_Angeles area code:NY/New_York"},
		{clockCase{name: "a state without a zone has all of its zones", loc: Location{State: "TN"}},
			"stated:TN/Chicago stated:TN/New_York area code:NY/New_York"},
		{clockCase{name: "unless a fact knows the zone", loc: Location{State: "TN"},
			facts: []Fact{address("TN", chicago)}}, "address:TN/Chicago area code:NY/New_York"},
		{clockCase{name: "a zone without a state is a zone", loc: Location{Zone: chicago}},
			"stated:/Chicago area code:NY/New_York"},
		{clockCase{name: "a zone that was learnt later counts beside the state",
			facts: []Fact{dated(address("NY", ""), year(0).AddDate(0, -2, 0)), address("", chicago)}},
			"address:NY/New_York zone:/Chicago"},
		{clockCase{name: "names of one time are one place", loc: Location{"NY", "US/Eastern"}}, "stated:NY/Eastern"},
		{clockCase{name: "an area code that straddles zones has all of them", to: "850",
			facts: []Fact{landline(Fact{Type: NumberFact})}}, "area code:FL/New_York area code:FL/Chicago"},
		{clockCase{name: "a mobile with an area code alone may be anywhere", to: "808"},
			"area code:HI/Honolulu" + contiguous},
		{clockCase{name: "a landline isn't", to: "808", facts: []Fact{landline(Fact{Type: NumberFact})}},
			"area code:HI/Honolulu"},
		{clockCase{name: "nor is a mobile by a policy that is less strict", to: "808",
			policy: "name: x\nstrict_mobile: false"}, "area code:HI/Honolulu"},
		{clockCase{name: "another number's kind of fact says nothing", to: "808",
			facts: []Fact{landline(Fact{Type: NumberFact}), {Type: Scrub, List: ListState, State: "CA"}}},
			"area code:HI/Honolulu"},
		{clockCase{name: "a toll-free number is nowhere", to: "833"}, ""},
		{clockCase{name: "Toronto is not in the US", to: "416"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range tt.evaluation(t).places {
				zone := p.Zone.String()
				got = append(got, p.Evidence+":"+p.State+"/"+zone[strings.LastIndexByte(zone, '/')+1:])
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("places\n%s\nwant\n%s", s, tt.want)
			}
		})
	}
}

func TestLocation(t *testing.T) {
	t.Parallel()
	runClockCases(t, []clockCase{
		{name: "a stated place is known", loc: Location{"NY", newYork}, rule: "location.unknown", status: Pass,
			says: "stated (NY, New York)"},
		{name: "so is one by the area code", to: "212", rule: "location.unknown", status: Pass,
			says: "area code (NY, New York)"},
		{name: "an area code that is in no table holds the call", to: "999", loc: Location{"NY", newYork},
			rule: "location.unknown", status: Fail, says: "so the laws that depend on it are unknown"},
		{name: "so does one of another country", to: "416", rule: "location.unknown", status: Fail},
		{name: "so does one that is no place", to: "833", rule: "location.unknown", status: Fail},
		{name: "a state that is none is an error", loc: Location{"ZZ", newYork}, rule: "location.unknown", status: Fail,
			says: "the location of the request is not a US state"},
		{name: "so is one in small letters", loc: Location{"ny", newYork}, rule: "location.unknown", status: Fail,
			says: "two capital letters"},
		{name: "so is a zone that doesn't exist", loc: Location{"NY", "America/Gotham"}, rule: "location.unknown",
			status: Fail, says: "is not a US time zone: want one such as America/Chicago"},
		{name: "so is one of another country", loc: Location{Zone: "Europe/Paris"}, rule: "location.unknown",
			status: Fail, says: "is not a US time zone: want one such as America/Chicago"},
		{name: "so is one of another state", loc: Location{"NY", chicago}, rule: "location.unknown", status: Fail,
			says: "this time zone is not one of New York"},
		{name: "in a fact it is an error of the fact", facts: []Fact{address("NY", chicago)}, rule: "location.unknown",
			status: Fail, says: "the location of fact 1"},
		{name: "which a newer one mends",
			facts: []Fact{{Type: NumberFact, State: "NY", Zone: chicago, OccurredAt: time.Date(2026, 11, 1, 0, 0, 0, 0,
				time.UTC)}, address("NY", newYork)},
			rule: "location.unknown", status: Pass},
		{name: "an emergency is not held for want of a place", to: "999",
			with: func(r *Request) { r.Purpose = Emergency }, rule: "location.unknown", status: NotApplicable},

		{name: "one place is not ambiguous", loc: Location{"NY", newYork}, rule: "location.ambiguous", status: Pass},
		{name: "two are, and both are named", to: "212", loc: Location{"CA", "America/Los_Angeles"},
			rule: "location.ambiguous", status: Fail,
			says: "2 places are possible, and a call must be allowed in each: stated (CA, Los Angeles), area code (NY, " +
				"New York)"},
		{name: "none is another rule's affair", to: "999", rule: "location.ambiguous", status: NotApplicable},
	})
	e := clockCase{to: "212", loc: Location{"CA", "America/Los_Angeles"}}.evaluation(t)
	if r := e.timeResults()["location.ambiguous"]; combine([]Result{r}) != Allow {
		t.Errorf("to be in doubt stands in the way: %+v", r)
	}
}
