package consent

import (
	"cmp"
	"fmt"
	"time"
)

// The rules about numbers that may belong to somebody else by now.
var reassignedRules = []rule{
	{"reassigned", EffectBlock, reassigned},
	{"reassigned.stale", EffectHold, reassignedStale},
}

const reassignedHarbour = "47 CFR 64.1200(m)"

// reassigned wants the reassigned-numbers database's own "no" to the right
// question: was the number given up since the day of the consent that we rely on?
func reassigned(e *evaluation) []Result {
	v := federal("reassigned", EffectBlock, reassignedHarbour)
	g := e.consents().relied
	if y := e.reassignedYes(); y != nil && g == nil {
		if y.Reassigned == Suspected {
			return v.fails(fmt.Sprintf("the person who answered on %s said that it is the wrong number: earlier consents came "+
				"from its previous holder", date(y)), y)
		}
		return v.fails(fmt.Sprintf("the number changed hands (checked %s): earlier consents came from its previous "+
			"holder", date(y)), y)
	}
	if g == nil {
		if why := e.needless(); why != "" {
			return v.notApplicable(why)
		}
		return v.as(EffectHold).missing("the Reassigned Numbers Database is queried for the date of a consent, and there is " +
			"no consent")
	}
	switch a := e.reassignedAnswer(g.Fact); {
	case a != nil && a.Reassigned == NoData:
		return v.as(EffectHold).missing(fmt.Sprintf("the Reassigned Numbers Database had no data for %s, which does not "+
			"clear the number", date(a)), a, g.Fact)
	case a != nil:
		return v.passes(fmt.Sprintf("not reassigned since %s (checked %s)", a.DateParam, date(a)), a, g.Fact)
	}
	if other := e.newest(func(f *Fact) bool { return f.Type == NumberFact && f.Reassigned != "" }); other != nil {
		return v.as(EffectHold).missing(fmt.Sprintf("the database was queried for %s, not for the date of the consent "+
			"(%s)", cmp.Or(other.DateParam, "no date"), date(g.Fact)), other, g.Fact)
	}
	return v.as(EffectHold).missing(fmt.Sprintf("the Reassigned Numbers Database has not been queried for %s",
		date(g.Fact)), g.Fact)
}

// reassignedStale: carriers report on the 15th of each month.
func reassignedStale(e *evaluation) []Result {
	v := federal("reassigned.stale", EffectHold, reassignedHarbour)
	g := e.consents().relied
	if g == nil {
		return v.notApplicable("there is no consent to rely on")
	}
	a := e.reassignedAnswer(g.Fact)
	switch {
	case a == nil:
		return v.notApplicable("there is no answer to check: see reassigned")
	case e.reassignedStale(a):
		return v.fails(fmt.Sprintf("the database was queried on %s, more than %d days ago", date(a), e.reassignedDays()), a)
	}
	return v.passes(fmt.Sprintf("the database was queried on %s", date(a)), a)
}

func (e *evaluation) reassignedDays() int { return cmp.Or(e.policy.Caps.ReassignedDays, 30) }

func (e *evaluation) reassignedStale(a *Fact) bool {
	return e.now.Sub(happened(a)) > time.Duration(e.reassignedDays())*day
}

// reassignedYes is the newest finding that the number was reassigned, whoever
// asked.
func (e *evaluation) reassignedYes() *Fact {
	var newest *Fact
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type == NumberFact && (f.Reassigned == Yes || f.Reassigned == Suspected) &&
			(newest == nil || happened(f).After(happened(newest))) {
			newest = f
		}
	}
	return newest
}

// reassignedAnswer is the newest no or no_data to the question that matters for a
// grant: about its date, or that of a later verified contact. The safe harbour is
// that of whoever asked.
func (e *evaluation) reassignedAnswer(g *Fact) *Fact {
	return e.newest(func(f *Fact) bool {
		if f.Type != NumberFact || f.Reassigned != No && f.Reassigned != NoData || f.DateParam == "" || f.Seller != "" &&
			!e.req.Seller.Owns(f.Seller) {
			return false
		}
		if e.on(g, f.DateParam) {
			return true
		}
		for i := range e.s.Facts {
			if c := &e.s.Facts[i]; e.contact(c, g) && e.on(c, f.DateParam) {
				return true
			}
		}
		return false
	})
}

// on tells whether something was on a day, in UTC, in its own zone or in one of
// those where the person may be.
func (e *evaluation) on(f *Fact, date string) bool {
	if f.OccurredOn != "" {
		return f.OccurredOn == date
	}
	t := happened(f)
	if t.Format(time.DateOnly) == date || t.UTC().Format(time.DateOnly) == date {
		return true
	}
	for _, p := range e.places {
		if p.Zone != nil && t.In(p.Zone).Format(time.DateOnly) == date {
			return true
		}
	}
	return false
}
