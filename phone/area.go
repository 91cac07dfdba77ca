package phone

import (
	"strings"
	"sync"
)

// AreaVersion is the day on which the table of area codes was last gone through.
// New codes appear every year; one that the table doesn't know is nobody's.
const AreaVersion = "2026-11-22"

// AreaKind says what sort of number an area code stands for.
type AreaKind string

// The kinds of area codes of the North American Numbering Plan.
const (
	AreaState    AreaKind = "state"    // a state of the US, the District of Columbia or a territory
	AreaAbroad   AreaKind = "abroad"   // Canada and about twenty countries of the Caribbean share +1
	AreaTollfree AreaKind = "tollfree" // the called party pays
	AreaPremium  AreaKind = "premium"  // 900: the caller pays, and dearly
	AreaNowhere  AreaKind = "nowhere"  // follow-me numbers, machines, the government's own: no place
	AreaService  AreaKind = "service"  // N11, such as 911
)

// Area is what the first three digits after +1 say. It is where a number was
// given out, which is not where its holder is: mobile numbers travel.
type Area struct {
	Code    string // three digits
	Kind    AreaKind
	Country string   // ISO 3166; US for the territories, too. Empty for what is no place
	State   string   // two letters, of the US alone
	Zones   []string // IANA, of the US alone: all that any part of the area keeps. Not to be changed
}

// Area tells what a number's area code stands for. It is not ok for a number
// outside +1, for one that is not eleven digits long, and for an area code that
// isn't in the table of [AreaVersion].
func (n Number) Area() (Area, bool) {
	if !n.northAmerican() {
		return Area{}, false
	}
	a := areas()[npa(n.e164[2:5])]
	return a, a.Kind != ""
}

// Exchange is the three digits after the area code; "" for a number outside +1.
func (n Number) Exchange() string {
	if !n.northAmerican() {
		return ""
	}
	return n.e164[5:8]
}

func (n Number) northAmerican() bool {
	return len(n.e164) == len("+12125550142") && strings.HasPrefix(n.e164, "+1")
}

// npa is three digits as an index.
func npa(code string) int {
	return int(code[0]-'0')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
}

// areas is the table by number, from 000 to 999.
var areas = sync.OnceValue(func() *[1000]Area {
	var table [1000]Area
	add := func(a Area, codes string) {
		for _, code := range strings.Fields(codes) {
			a.Code = code
			table[npa(code)] = a
		}
	}
	for _, r := range domestic {
		add(Area{Kind: AreaState, Country: "US", State: r.state, Zones: strings.Fields(r.zones)}, r.codes)
	}
	for _, r := range abroad {
		add(Area{Kind: AreaAbroad, Country: r.country}, r.codes)
	}
	for _, r := range placeless {
		add(Area{Kind: r.kind}, r.codes)
	}
	return &table
})
