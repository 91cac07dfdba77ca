package consent

import (
	"testing"
	"time"
)

func version(daysAgo int) func(*Fact) {
	return func(f *Fact) { f.VersionDate = noon.AddDate(0, 0, -daysAgo).Format(time.DateOnly) }
}

func onList(f *Fact) { f.Result = Yes }

// withAgreement is a policy that lets a signed agreement lift the do-not-call lists.
func withAgreement() *Policy {
	return strict(func(p *Policy) { p.Exemptions = approved(signedAgreement) })
}

func TestRuleDNCNational(t *testing.T) {
	t.Parallel()
	signed := []Fact{granted(inWriting), lookedUp()}
	table(t, "dnc.national", []row{
		{"not on the registry", sale(sellable()...), Pass, EffectBlock, "not on the national registry of 2026-11-15"},
		{"on the registry, and nothing signed", sale(scrubbed(onList)), Fail, EffectBlock, "no signed agreement"},
		{"on the registry, and an existing customer",
			sale(scrubbed(onList), fact(Fact{Type: NumberFact, LineType: "wireless", Note: "bought in June"})), Fail,
			EffectBlock, ""},
		{"on the registry, with a signed agreement that the policy does not claim",
			sale(and(signed, scrubbed(onList))...), Fail, EffectBlock, "signed_agreement"},
		{"on the registry, with a signed agreement that the policy claims",
			sale(and(signed, scrubbed(onList))...).with(func(x *setup) { x.policy = withAgreement() }), Pass, EffectBlock,
			"signed agreement"},
		{"on the registry, with an agreement of a poor record",
			sale(granted(inWriting, func(f *Fact) { f.Evidence.Signature = "" }), lookedUp(),
				scrubbed(onList)).with(func(x *setup) { x.policy = withAgreement() }), Fail, EffectBlock, ""},
		{"a registry that was not checked clears nobody", sale(signed...), Unknown, EffectHold, "has not been checked for this number"},
		{"a copy of the registry that another seller took",
			sale(and(signed, scrubbed(func(f *Fact) { f.Seller = "other" }))...), Unknown, EffectHold, ""},
		{"a yes in another seller's copy is heard all the same",
			sale(and(sellable(), scrubbed(onList, version(1), func(f *Fact) { f.Seller = "other" }))...), Fail, EffectBlock, ""},
		{"a state's list is not the registry",
			sale(and(signed, scrubbed(func(f *Fact) { f.List, f.State = ListState, "NY" }))...), Unknown, EffectHold, ""},
		{"yes and no from one copy", sale(and(signed, scrubbed(onList), scrubbed())...), Fail, EffectBlock, ""},
		{"on the registry in an older copy, off it in the newest",
			sale(and(signed, scrubbed(onList, version(20)), scrubbed(version(2)))...), Pass, EffectBlock, ""},
		{"a copy that claims to be of next week", sale(and(signed, scrubbed(version(-7)))...), Unknown, EffectHold, ""},
		{"a result nobody knows", sale(and(signed, scrubbed(func(f *Fact) { f.Result = "" }))...), Unknown, EffectHold, ""},
		{"a reminder to a number on the registry", reminder(and(cleared(), scrubbed(onList))...), NotApplicable, "",
			"contains no marketing"},
		{"a reminder with an offer in it",
			reminder(and(cleared(), scrubbed(onList))...).with(func(x *setup) { x.req.Marketing = true }), Fail, EffectBlock,
			""},
	})
}

func TestRuleDNCNationalStale(t *testing.T) {
	t.Parallel()
	signed := []Fact{granted(inWriting), lookedUp()}
	table(t, "dnc.national.stale", []row{
		{"a copy of three days ago", sale(sellable()...), Pass, EffectHold, ""},
		{"a copy of thirty days ago", sale(and(signed, scrubbed(version(30)))...), Pass, EffectHold, ""},
		{"a copy of thirty-one days ago, which only the law would take", sale(and(signed, scrubbed(version(31)))...),
			Fail, EffectHold, "31 days old; at most 30"},
		{"a copy of thirty-one days ago, by a policy as wide as the law",
			sale(and(signed, scrubbed(version(31)))...).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.Caps.ScrubDays = 31 }) }), Pass, EffectHold, ""},
		{"a policy wider than the law does not count",
			sale(and(signed, scrubbed(version(32)))...).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.Caps.ScrubDays = 90 }) }), Fail, EffectHold, "at most 31"},
		{"an old look-up of a fresh copy, which is what counts", sale(and(signed, scrubbed(ago(60*day)))...), Pass,
			EffectHold, ""},
		{"a copy of no date", sale(and(signed, scrubbed(func(f *Fact) { f.VersionDate = "" }))...), Unknown, EffectHold, ""},
		{"no copy", sale(signed...), Unknown, EffectHold, ""},
		{"a signed agreement that the policy claims", sale(signed...).with(func(x *setup) { x.policy = withAgreement() }),
			NotApplicable, "", ""},
		{"a reminder", reminder(cleared()...), NotApplicable, "", ""},
	})
}

func TestRuleDNCState(t *testing.T) {
	t.Parallel()
	florida := func(with ...func(*Fact)) Fact {
		return scrubbed(append([]func(*Fact){func(f *Fact) { f.List, f.State = ListState, "FL" }}, with...)...)
	}
	at := func(x *setup) { x.places = in("NY", "FL") }
	table(t, "dnc.state.FL", []row{
		{"not on Florida's list", sale(and(sellable(), florida())...).with(at), Pass, EffectBlock, ""},
		{"on Florida's list", sale(and(sellable(), florida(onList))...).with(at), Fail, EffectBlock,
			"on Florida's list"},
		{"Florida's list was not asked", sale(sellable()...).with(at), Unknown, EffectHold, "has not been checked for this number"},
		{"Florida's list was asked two months ago", sale(and(sellable(), florida(version(60)))...).with(at), Fail,
			EffectHold, "60 days old"},
		{"another state's list was asked", sale(and(sellable(), florida(func(f *Fact) { f.State = "TX" }))...).with(at),
			Unknown, EffectHold, ""},
	})
	table(t, "dnc.state.NY", []row{
		{"a state without a list", sale(sellable()...), NotApplicable, "", "does not keep its own list"},
		{"a list of a state that the policy knows none of",
			sale(and(sellable(), florida(onList, func(f *Fact) { f.State = "NY" }))...), Fail, EffectBlock, ""},
		{"a clean answer of such a list", sale(and(sellable(), florida(func(f *Fact) { f.State = "NY" }))...),
			NotApplicable, "", ""},
		{"a state of which the policy has no row",
			sale(sellable()...).with(func(x *setup) { x.policy = &Policy{Name: "hole", hash: "x"} }), Unknown, EffectHold,
			"no row"},
		{"a state whose list was asked",
			sale(and(sellable(), florida(func(f *Fact) { f.State = "NY" }))...).with(func(x *setup) {
				x.policy = strict(func(p *Policy) { p.States["NY"] = StateRow{List: true} })
			}), Pass, EffectBlock, ""},
	})
}

func TestRuleLitigator(t *testing.T) {
	t.Parallel()
	named := fact(Fact{Type: NumberFact, Litigator: true})
	d := reminder(and(cleared(), named)...).decide()
	if r := result(t, d, "risk.litigator"); r.Status != Fail || r.Effect != EffectWarn || d.Outcome != Allow {
		t.Errorf("named as a litigator: %+v, %s", r, d.Outcome)
	}
	if r := result(t, reminder(cleared()...).decide(), "risk.litigator"); r.Status != NotApplicable {
		t.Errorf("named by nobody: %+v", r)
	}
}
