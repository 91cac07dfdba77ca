package consent

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// The rules about the number itself and where it leads.
var numberRules = []rule{
	{"invalid_number", EffectBlock, invalidNumber},
	{"destination.country", EffectBlock, destinationCountry},
	{"destination.blocked", EffectBlock, destinationBlocked},
	{"line.unknown", EffectWarn, lineUnknown},
	{"multi_line", EffectBlock, multiLine},
	{"purpose.unclassified", EffectBlock, purposeUnclassified},
}

// liveFor is how long a call of which no end was written down may still be going
// on: Twilio ends every call after four hours.
// https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource (TimeLimit)
const liveFor = 4 * time.Hour

// invalidNumber wants a number that can exist. The shapes are those of the North
// American Numbering Plan: NPA and NXX are [2-9]XX and no N11, and 555-0100 to
// 555-0199 are kept for fiction.
func invalidNumber(e *evaluation) []Result {
	v := federal("invalid_number", EffectBlock, "47 CFR 52.13; NANPA, North American Numbering Plan")
	n := e.req.To
	if n.IsZero() {
		return v.fails("there is no number to call")
	}
	if n.E164()[1] != '1' {
		return v.passes("E.164, outside the North American Numbering Plan")
	}
	npa, nxx, line, ok := nanp(n)
	switch {
	case !ok:
		return v.fails("a number that begins with +1 must have ten more digits")
	case npa[0] < '2' || nxx[0] < '2':
		return v.fails("area codes and exchanges do not begin with 0 or 1")
	case npa[1:] == "11" || nxx[1:] == "11":
		return v.fails("N11 is a service, not an area code or an exchange")
	case nxx == "555" && line[:2] == "01":
		return v.fails("555-0100 to 555-0199 are reserved for fiction")
	}
	if _, known := n.Area(); !known {
		return v.fails(fmt.Sprintf("the area code %s is not assigned, as of %s", npa, phone.AreaVersion))
	}
	return v.passes("a number of the North American Numbering Plan")
}

// nanp cuts a number of the North American Numbering Plan into its parts.
func nanp(n phone.Number) (npa, nxx, line string, ok bool) {
	s := n.E164()
	if len(s) != len("+12125550142") || s[1] != '1' {
		return "", "", "", false
	}
	return s[2:5], s[5:8], s[8:], true
}

func destinationCountry(e *evaluation) []Result {
	v := federal("destination.country", EffectBlock, "47 USC 227(b)(1); NANPA, area codes by country")
	a, known := e.req.To.Area()
	switch {
	case !known:
		return v.fails("only US numbers are called, and this number's country is unknown")
	case a.Country == "":
		return v.notApplicable("the area code belongs to a service, not a place: see destination.blocked")
	case a.Kind != phone.AreaState:
		return v.fails(fmt.Sprintf("only US numbers are called; the area code %s belongs to another "+
			"country (%s)", a.Code, a.Country))
	}
	return v.passes("an area code of the United States")
}

// destinationBlocked is where an artificial voice is never welcome, whatever
// anybody has agreed to.
func destinationBlocked(e *evaluation) []Result {
	v := federal("destination.blocked", EffectBlock, "47 CFR 64.1200(a)(1)(i)-(iii); 47 CFR 64.1202")
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type == NumberFact && f.Facility {
			return v.fails("the line belongs to an emergency service, a hospital room or a home for the elderly", f)
		}
		if f.Type == NumberFact && f.LineType == "tollfree" {
			return v.fails("the called party pays for calls to this number", f)
		}
	}
	a, known := e.req.To.Area()
	npa, nxx, _, ok := nanp(e.req.To)
	switch {
	case !ok:
		return v.passes("not known to be an emergency, toll-free or premium number")
	case a.Kind == phone.AreaTollfree:
		return v.fails("a toll-free number: the called party pays")
	case a.Kind == phone.AreaPremium || nxx == premiumExchange:
		return v.fails("a premium number")
	case a.Kind == phone.AreaService || npa == "988" || npa[1:] == "11" || nxx[1:] == "11":
		return v.fails("an emergency or service code")
	case known && a.Country == "":
		return v.fails("the area code belongs to a service, not a place: the called party may pay for the call")
	}
	return v.passes("no emergency, toll-free or premium number")
}

// premiumExchange is an exchange of premium numbers in every area.
const premiumExchange = "976"

// premium tells whether whoever calls a number pays for it beyond the call.
func premium(n phone.Number) bool {
	a, _ := n.Area()
	return a.Kind == phone.AreaPremium || n.Exchange() == premiumExchange
}

// lineUnknown warns that the number is taken for a mobile because nothing fresh
// says what it is.
func lineUnknown(e *evaluation) []Result {
	v := federal("line.unknown", EffectWarn, "47 CFR 64.1200(a)(1)(iii)")
	days := cmp.Or(e.policy.Caps.LineTypeDays, 30)
	f := e.newest(func(f *Fact) bool { return f.Type == NumberFact && f.LineType != "" })
	switch {
	case f == nil || f.LineType == "unknown":
		return v.missing("the line type is unknown: treated as wireless")
	case e.now.Sub(happened(f)) > time.Duration(days)*day:
		return v.missing(fmt.Sprintf("the line type was looked up %s, more than %d days ago: treated as wireless",
			date(f), days), f)
	}
	return v.passes(fmt.Sprintf("%s, looked up %s", words(f.LineType), date(f)), f)
}

// multiLine keeps a seller from ringing a number that it is talking to already.
func multiLine(e *evaluation) []Result {
	v := federal("multi_line", EffectBlock, "47 USC 227(b)(1)(D); 47 CFR 64.1200(a)(5)")
	for _, a := range e.attempts() {
		own := e.req.AtAnswer && a.callID == e.req.CallID
		if a.live && !own && e.now.Sub(a.at) < liveFor {
			return v.fails("another call from this seller to this number is in progress", a.fact)
		}
	}
	return v.passes("no other call from this seller to this number is in progress")
}

func purposeUnclassified(e *evaluation) []Result {
	v := federal("purpose.unclassified", EffectBlock, "47 CFR 64.1200(a), (f)")
	if !slices.Contains(Purposes, e.req.Purpose) {
		return v.fails("the purpose of the call is unknown: treated as telemarketing")
	}
	return v.passes(words(string(e.req.Purpose)))
}
