package consent

import (
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// locationUnknown wants some evidence of the state, for every state has laws of its
// own.
func locationUnknown(e *evaluation) []Result {
	r := Result{Rule: "location.unknown", Jurisdiction: "US", Status: Fail, Effect: EffectHold,
		Citation: "47 CFR 64.1200(c)(1)"}
	area, ok := e.req.To.Area()
	switch {
	case e.misplaced != "":
		r.Reason = e.misplaced
	case !ok:
		r.Reason = fmt.Sprintf("the area code is not in the table of %s, so the laws that depend on it are unknown",
			phone.AreaVersion)
	case area.Kind != phone.AreaState:
		r.Reason = "the area code is not a place in the US"
	case len(e.places) == 0:
		r.Reason = "the person's location is unknown"
	default:
		r.Status, r.Reason = Pass, "where the person may be: "+e.sayPlaces()
	}
	if e.emergency() && r.Status == Fail {
		r.Status, r.Reason = NotApplicable, unbound
	}
	r.Facts = e.placeFacts()
	return []Result{r}
}

// locationAmbiguous warns that the hours are those that several places have in
// common.
func locationAmbiguous(e *evaluation) []Result {
	r := Result{Rule: "location.ambiguous", Jurisdiction: "US", Effect: EffectWarn, Citation: "47 CFR 64.1200(c)(1)",
		Facts: e.placeFacts()}
	switch len(e.places) {
	case 0:
		r.Status, r.Reason = NotApplicable, "the person's location is unknown: see location.unknown"
	case 1:
		r.Status, r.Reason = Pass, "one place is possible: "+e.sayPlaces()
	default:
		r.Status, r.Reason = Fail, fmt.Sprintf("%d places are possible, and a call must be allowed in each: %s",
			len(e.places), e.sayPlaces())
	}
	return []Result{r}
}

// sayPlaces lists where the person may be: stated (FL, New York), area code (NY, New York).
func (e *evaluation) sayPlaces() string {
	var b strings.Builder
	for i, p := range e.places {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Evidence)
		b.WriteString(" (")
		if p.State != "" {
			b.WriteString(p.State)
			b.WriteString(", ")
		}
		b.WriteString(city(p.Zone))
		b.WriteByte(')')
	}
	return b.String()
}

// placeFacts is the facts that the places are known from.
func (e *evaluation) placeFacts() []int64 {
	var list []int64
	for _, p := range e.places {
		if p.Fact > 0 && (len(list) == 0 || list[len(list)-1] != p.Fact) {
			list = append(list, p.Fact)
		}
	}
	return list
}
