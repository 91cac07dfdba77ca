package consent

import (
	"cmp"
	"fmt"
	"time"
)

// The rules about lists that others keep.
var listRules = []rule{
	{"dnc.national", EffectBlock, dncNational},
	{"dnc.national.stale", EffectHold, dncNationalStale},
	{"dnc.state", EffectBlock, dncState},
	{"risk.litigator", EffectWarn, riskLitigator},
}

const (
	nationalList  = "47 CFR 64.1200(c)(2); 16 CFR 310.4(b)(1)(iii)(B)"
	nationalFresh = "47 CFR 64.1200(c)(2)(i)(D); 16 CFR 310.4(b)(3)(iv)"
)

// dncNational: a list that was not asked is not clean. A copy that another seller
// took is no answer (each needs a subscription of its own), but its yes is heard.
func dncNational(e *evaluation) []Result {
	v := federal("dnc.national", EffectBlock, nationalList)
	if !e.telemarketing() {
		return v.notApplicable("the call contains no marketing")
	}
	f := e.scrub(ListNational, "")
	approval, agreed := e.policy.Exemptions[signedAgreement]
	if g := e.agreement(); g != nil && agreed {
		return v.passes(fmt.Sprintf("the signed agreement of %s allows this seller to call a number on the registry",
			date(g))+e.policy.approved(approval), g)
	}
	switch {
	case f == nil:
		return v.as(EffectHold).missing("the national do-not-call registry has not been checked for this number")
	case f.Result != Yes:
		return v.passes(fmt.Sprintf("not on the national registry of %s", f.VersionDate), f)
	}
	reason := fmt.Sprintf("on the national registry of %s", f.VersionDate)
	if g := e.agreement(); g != nil {
		return v.fails(fmt.Sprintf("%s; the signed agreement of %s would lift this if the policy enabled %s", reason,
			date(g), signedAgreement), f, g)
	}
	return v.fails(reason+", and no signed agreement with this seller lifts it", f)
}

// dncNationalStale: at most 31 days, and rather 30.
func dncNationalStale(e *evaluation) []Result {
	v := federal("dnc.national.stale", EffectHold, nationalFresh)
	approval, agreed := e.policy.Exemptions[signedAgreement]
	switch f := e.scrub(ListNational, ""); {
	case !e.telemarketing():
		return v.notApplicable("the call contains no marketing")
	case e.agreement() != nil && agreed:
		return v.notApplicable("a signed agreement allows this seller to call a number on the registry" + e.policy.approved(approval))
	case f == nil:
		return v.missing("there is no copy of the national registry to check")
	case e.listAge(f) > e.scrubDays():
		return v.fails(fmt.Sprintf("the registry's copy of %s is %d days old; at most %d are allowed", f.VersionDate,
			e.listAge(f), e.scrubDays()), f)
	default:
		return v.passes(fmt.Sprintf("the registry's copy is of %s", f.VersionDate), f)
	}
}

// dncState: each state with a list of its own, asked and fresh.
func dncState(e *evaluation) []Result {
	if !e.telemarketing() {
		return federal("dnc.state", EffectBlock, "state do-not-call laws").notApplicable("the call contains no marketing")
	}
	return e.eachState("dnc.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		name := stateName(state)
		f := e.scrub(ListState, state)
		switch {
		case !row.List && (f == nil || f.Result != Yes):
			return v.say(NotApplicable, name+" does not keep its own list", nil)
		case f == nil:
			return v.as(EffectHold).say(Unknown,
				fmt.Sprintf("%s's do-not-call list has not been checked for this number", name), nil)
		case f.Result == Yes:
			return v.say(Fail, fmt.Sprintf("on %s's list of %s", name, f.VersionDate), []*Fact{f})
		case e.listAge(f) > e.scrubDays():
			return v.as(EffectHold).say(Fail,
				fmt.Sprintf("the copy of %s's list is %d days old; at most %d are allowed", state, e.listAge(f),
					e.scrubDays()), []*Fact{f})
		}
		return v.say(Pass, fmt.Sprintf("not on %s's list of %s", name, f.VersionDate), []*Fact{f})
	})
}

// scrub is the answer of a list's newest version; of two from one version, the yes.
func (e *evaluation) scrub(list, state string) *Fact {
	var best *Fact
	today := e.now.UTC().Add(day).Format(time.DateOnly) // somewhere it is tomorrow already
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		own := e.req.Seller.Owns(f.Seller) && f.Seller != ""
		if f.Type != Scrub || f.List != list || f.State != state && list == ListState || !own && f.Result != Yes {
			continue
		}
		if f.Result != Yes && (f.Result != No || f.VersionDate > today || len(f.VersionDate) != len(today)) {
			continue
		}
		if best == nil || f.VersionDate > best.VersionDate || f.VersionDate == best.VersionDate && f.Result == Yes {
			best = f
		}
	}
	return best
}

// listAge is how many days old the version of a list is.
func (e *evaluation) listAge(f *Fact) int {
	t, err := time.Parse(time.DateOnly, f.VersionDate)
	if err != nil {
		return 1 << 20
	}
	return int(e.now.UTC().Sub(t) / day)
}

// scrubDays is how old a list may be. No policy stretches the law's 31 days.
func (e *evaluation) scrubDays() int { return min(cmp.Or(e.policy.Caps.ScrubDays, 30), 31) }

// agreement is the signed written consent with this seller, if its record is
// complete.
func (e *evaluation) agreement() *Fact {
	if g := e.consents().relied; g != nil && g.Tier == Written && len(g.defects) == 0 {
		return g.Fact
	}
	return nil
}

func riskLitigator(e *evaluation) []Result {
	v := federal("risk.litigator", EffectWarn, "commercial practice, not law")
	if f := e.newest(func(f *Fact) bool { return f.Type == NumberFact && f.Litigator }); f != nil {
		return v.fails(fmt.Sprintf("reported as a litigator on %s", date(f)), f)
	}
	return v.notApplicable("the holder is not reported as a litigator")
}
