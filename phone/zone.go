package phone

import (
	"slices"
	"strings"
	"sync"
)

// stateZones is the ways of telling the time in each state, those of a part of it
// too. Source: 49 CFR part 71; the Navajo Nation in Arizona and West Wendover in
// Nevada by their own custom.
var stateZones = map[string]string{
	"AL": central, "AK": alaska + " " + aleutian, "AZ": arizona + " " + mountain, "AR": central, "CA": pacific,
	"CO": mountain, "CT": eastern,
	"DE": eastern, "DC": eastern, "FL": eastern + " " + central, "GA": eastern, "HI": hawaii,
	"ID": mountain + " " + pacific, "IL": central,
	"IN": eastern + " " + central, "IA": central, "KS": central + " " + mountain, "KY": eastern + " " + central,
	"LA": central, "ME": eastern,
	"MD": eastern, "MA": eastern, "MI": eastern + " " + central, "MN": central, "MS": central, "MO": central,
	"MT": mountain,
	"NE": central + " " + mountain, "NV": pacific + " " + mountain, "NH": eastern, "NJ": eastern, "NM": mountain,
	"NY": eastern, "NC": eastern,
	"ND": central + " " + mountain, "OH": eastern, "OK": central, "OR": pacific + " " + mountain, "PA": eastern,
	"RI": eastern, "SC": eastern,
	"SD": central + " " + mountain, "TN": central + " " + eastern, "TX": central + " " + mountain, "UT": mountain,
	"VT": eastern, "VA": eastern,
	"WA": pacific, "WV": eastern, "WI": central, "WY": mountain,
	"PR": atlantic, "VI": atlantic, "GU": chamorro, "MP": chamorro, "AS": samoa,
}

// sameTime is the other names under which a way of telling the time is known.
// They have differed in the past, and don't today.
var sameTime = map[string]string{
	eastern: "America/Detroit America/Fort_Wayne America/Indiana/Indianapolis America/Indiana/Marengo " +
		"America/Indiana/Petersburg America/Indiana/Vevay " +
		"America/Indiana/Vincennes America/Indiana/Winamac America/Indianapolis America/Kentucky/Louisville " +
		"America/Kentucky/Monticello " +
		"America/Louisville US/East-Indiana US/Eastern US/Michigan",
	central: "America/Indiana/Knox America/Indiana/Tell_City America/Knox_IN America/Menominee " +
		"America/North_Dakota/Beulah " +
		"America/North_Dakota/Center America/North_Dakota/New_Salem US/Central US/Indiana-Starke",
	mountain: "America/Boise America/Shiprock Navajo US/Mountain",
	arizona:  "US/Arizona",
	pacific:  "US/Pacific",
	alaska:   "America/Juneau America/Metlakatla America/Nome America/Sitka America/Yakutat US/Alaska",
	aleutian: "America/Atka US/Aleutian",
	hawaii:   "Pacific/Johnston US/Hawaii",
	atlantic: "America/St_Thomas America/Virgin",
	samoa:    "Pacific/Samoa US/Samoa",
	chamorro: "Pacific/Saipan",
}

// Contiguous is the zones of the 48 states between Canada and Mexico.
func Contiguous() []string { return []string{eastern, central, mountain, arizona, pacific} }

// States is all of them: the fifty, the District of Columbia and five territories,
// in alphabetical order of their two letters.
func States() []string { return slices.Clone(zones().states) }

// StateZones is the zones of a state, by two letters, the one in which most people
// live first; nil for what is no state. They are not to be changed.
func StateZones(state string) []string { return zones().byState[state] }

// ZoneOf is the name that [StateZones] and [Area] have for an IANA zone of the US,
// such as America/New_York for America/Detroit; "" for any other.
func ZoneOf(iana string) string { return zones().canonical[iana] }

// ZoneNames is every IANA zone that [ZoneOf] knows.
func ZoneNames() []string { return slices.Clone(zones().names) }

var zones = sync.OnceValue(func() (z struct {
	states, names []string
	byState       map[string][]string
	canonical     map[string]string
}) {
	z.byState, z.canonical = map[string][]string{}, map[string]string{}
	for state, list := range stateZones {
		z.states = append(z.states, state)
		z.byState[state] = strings.Fields(list)
	}
	for zone, others := range sameTime {
		for _, name := range append(strings.Fields(others), zone) {
			z.names = append(z.names, name)
			z.canonical[name] = zone
		}
	}
	slices.Sort(z.states)
	slices.Sort(z.names)
	return z
})
