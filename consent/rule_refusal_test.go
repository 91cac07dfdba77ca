package consent

import (
	"testing"
	"time"
)

func revocation(with ...func(*Fact)) Fact {
	return fact(Fact{Type: Revoke, Source: "phone", Scope: AllAutomated, OccurredAt: noon.Add(-day)}, with...)
}

// after is a consent of an hour ago, later than the revocations here.
func after(with ...func(*Fact)) Fact {
	return granted(append([]func(*Fact){ago(time.Hour)}, with...)...)
}

func source(s string) func(*Fact) { return func(f *Fact) { f.Source = s } }

func TestRuleRevoked(t *testing.T) {
	t.Parallel()
	marketing := func(f *Fact) { f.Scope, f.Purposes = ScopePurpose, []Purpose{Telemarketing} }
	table(t, "revoked", []row{
		{"a person who never took anything back", reminder(cleared()...), Pass, EffectBlock, ""},
		{"consent taken back after it was given", reminder(and(cleared(), revocation())...), Fail, EffectBlock, "no more calls"},
		{"a stop of a person who never agreed to anything", reminder(revocation()), Fail, EffectBlock, ""},
		{"a stop at the very second of the consent wins", reminder(granted(), revocation(at(given))), Fail, EffectBlock, ""},
		{"a stop in the same second as the consent, as far as clocks tell", reminder(granted(at(given.Add(900*time.Millisecond))), revocation(at(given))), Fail, EffectBlock, ""},
		{"a stop older than the consent, which the person gave anew", reminder(after(), revocation()), Pass, EffectBlock, "agreed anew on 2026-11-18"},
		{"a stop recorded late that is older than the consent", reminder(granted(), revocation(at(given.Add(-time.Hour)))), Pass, EffectBlock, ""},
		{"a stop without a time", reminder(after(), revocation(at(time.Time{}), func(f *Fact) { f.Source = "letter" })).with(func(x *setup) { x.s.Facts[1].RecordedAt = time.Time{} }), Fail, EffectBlock, ""},
		{"an import after the stop", reminder(revocation(), after(source("import"))), Fail, EffectBlock, ""},
		{"a CSV after the stop", reminder(revocation(), after(source("csv-upload"))), Fail, EffectBlock, ""},
		{"a customer database after the stop", reminder(revocation(), after(source("crm"))), Fail, EffectBlock, ""},
		{"an import that says it is a web form", reminder(revocation(), after(func(f *Fact) { f.Actor = "csv_import" })), Fail, EffectBlock, ""},
		{"a new consent that does not say how it was given", reminder(revocation(), after(func(f *Fact) { f.Evidence.Method = "" })), Fail, EffectBlock, ""},
		{"a new consent from no source", reminder(revocation(), after(source(""))), Fail, EffectBlock, ""},
		{"a new consent to texts alone", reminder(revocation(), after(func(f *Fact) { f.Channels = []string{"sms"} })), Fail, EffectBlock, ""},
		{"a new consent that was taken back again", reminder(revocation(), after(), revocation(at(noon.Add(-time.Minute)))), Fail, EffectBlock, ""},
		{"a stop by text ends calls, too", reminder(and(cleared(), revocation(source("sms"), func(f *Fact) { f.Channels = []string{"sms"} }))...), Fail, EffectBlock, ""},
		{"a stop by letter ends calls, too", reminder(and(cleared(), revocation(source("letter")))...), Fail, EffectBlock, ""},
		{"a stop without a scope", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope = "" }))...), Fail, EffectBlock, "all automated"},
		{"a stop of a scope nobody knows", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope = "everything, please" }))...), Fail, EffectBlock, ""},
		{"a stop said to another seller", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller = "other" }))...), Pass, EffectBlock, ""},
		{"a stop said to another seller, for whoever calls through this bridge", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller, f.Scope = "other", ScopePlatform }))...), Fail, EffectBlock, ""},
		{"a stop said to another seller, for its affiliates, whoever they are", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller, f.Scope = "other", ScopeAffiliate }))...), Fail, EffectBlock, ""},
		{"a stop that names no seller", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller = "" }))...), Fail, EffectBlock, ""},
		{"a stop to sales calls leaves reminders", reminder(and(cleared(), revocation(marketing))...), Pass, EffectBlock, ""},
		{"a stop to sales calls ends sales calls", sale(and(sellable(), revocation(marketing))...), Fail, EffectBlock, ""},
		{"a stop to sales calls ends a reminder with an offer in it", reminder(and(cleared(), revocation(marketing))...).with(func(x *setup) { x.req.Marketing = true }), Fail, EffectBlock, ""},
		{"a stop to one subject leaves another", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope, f.Subject = ScopeCategory, "recall" }))...), Pass, EffectBlock, ""},
		{"a stop to this subject", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope, f.Subject = ScopeCategory, "appointment" }))...), Fail, EffectBlock, ""},
		{"a stop to one subject, and a call about none", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope, f.Subject = ScopeCategory, "recall" }))...).with(func(x *setup) { x.req.Subject = "" }), Fail, EffectBlock, ""},
		{"a stop said in a call, of which only the words were kept", reminder(and(cleared(), fact(Fact{Type: OptOutInCall, Trigger: "key"}))...), Fail, EffectBlock, ""},
		{"a stop of a person who was erased since", reminder(revocation(func(f *Fact) { f.Source = "" }), fact(Fact{Type: Erased})), Fail, EffectBlock, ""},
		{"an emergency does not by itself outweigh a stop", reminder(revocation()).with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { p.Exemptions = []string{"emergency"} })
		}), Fail, EffectHold, "human"},
		{"a stop that lands between the dial and the answer", reminder(and(cleared(), revocation(at(noon)))...).with(func(x *setup) { x.req.AtAnswer = true }), Fail, EffectBlock, ""},
		{"a switched-off rule of its own name", reminder(and(cleared(), revocation())...).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.SwitchedOff = []string{"hours"} }) }), Fail, EffectBlock, ""},
	})
}

func TestRuleDNCInternal(t *testing.T) {
	t.Parallel()
	listed := func(with ...func(*Fact)) Fact {
		return fact(Fact{Type: DNCAdd, Source: "phone", OccurredAt: noon.Add(-day)}, with...)
	}
	removed := func(with ...func(*Fact)) Fact {
		return fact(Fact{Type: DNCRemove, Source: "web_form", Evidence: evidence()}, with...)
	}
	table(t, "dnc.internal", []row{
		{"not on the list", reminder(cleared()...), Pass, EffectBlock, ""},
		{"on the list", reminder(and(cleared(), listed())...), Fail, EffectBlock, "since 2026-11-17"},
		{"on the list for longer than the five years of the law", reminder(and(cleared(), listed(at(noon.AddDate(-9, 0, 0))))...), Fail, EffectBlock, "since 2017"},
		{"on the list, and a consent since, which is no wish to leave it", reminder(and([]Fact{listed()}, after())...), Fail, EffectBlock, ""},
		{"taken off the list by the person", reminder(and(cleared(), listed(), removed())...), Pass, EffectBlock, "by the person"},
		{"taken off the list by an import", reminder(and(cleared(), listed(), removed(source("import")))...), Fail, EffectBlock, ""},
		{"taken off the list without evidence", reminder(and(cleared(), listed(), removed(func(f *Fact) { f.Evidence = nil }))...), Fail, EffectBlock, ""},
		{"taken off the list at the second of going on it", reminder(and(cleared(), listed(), removed(at(noon.Add(-day))))...), Fail, EffectBlock, ""},
		{"taken off the list in the future", reminder(and(cleared(), listed(), removed(at(noon.Add(day))))...), Fail, EffectBlock, ""},
		{"on it again after leaving it", reminder(and(cleared(), listed(), removed(), listed(at(noon)))...), Fail, EffectBlock, ""},
		{"on another seller's list", reminder(and(cleared(), listed(func(f *Fact) { f.Seller = "other" }))...), Pass, EffectBlock, ""},
		{"taken off another seller's list alone", reminder(and(cleared(), listed(), removed(func(f *Fact) { f.Seller = "other" }))...), Fail, EffectBlock, ""},
		{"on a list for whoever calls through this bridge", reminder(and(cleared(), listed(func(f *Fact) { f.Seller, f.Scope = "other", ScopePlatform }))...), Fail, EffectBlock, ""},
		{"an emergency", reminder(listed()).with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { p.Exemptions = []string{"emergency"} })
		}), NotApplicable, "", ""},
	})
}
