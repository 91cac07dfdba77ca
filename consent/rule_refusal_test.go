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

// renewing is a consent that names the refusal of a row, as an operator records it.
func renewing(seq int64) func(*Fact) {
	return func(f *Fact) { f.Renews, f.Via, f.By, f.Reason = seq, ViaAPI, "Ana", "asked for it at the desk" }
}

func via(v Via) func(*Fact) { return func(f *Fact) { f.Via = v } }

func source(s string) func(*Fact) { return func(f *Fact) { f.Source = s } }

// said is what a stop on a call writes.
func said() []Fact {
	one := func(f *Fact) { f.OccurredAt, f.Source, f.Via, f.CallID = noon.Add(-day), "phone", ViaCall, "call_0" }
	return []Fact{revocation(one), fact(Fact{Type: DNCAdd}, one), fact(Fact{Type: OptOutInCall, Trigger: "speech"}, one)}
}

func TestRuleRevoked(t *testing.T) {
	t.Parallel()
	marketing := func(f *Fact) { f.Scope, f.Purposes = ScopePurpose, []Purpose{Telemarketing} }
	table(t, "revoked", []row{
		{"a person who never took anything back", reminder(cleared()...), Pass, EffectBlock, ""},
		{"consent taken back after it was given", reminder(and(cleared(), revocation())...), Fail, EffectBlock, "opted out"},
		{"a stop of a person who never agreed to anything", reminder(revocation()), Fail, EffectBlock, ""},
		{"a stop at the very second of the consent wins", reminder(granted(), revocation(at(given))), Fail, EffectBlock, ""},
		{"a stop in the same second as the consent, as far as clocks tell",
			reminder(granted(at(given.Add(900*time.Millisecond))), revocation(at(given))), Fail, EffectBlock, ""},
		{"a stop that was entered later, though it is dated earlier",
			reminder(granted(), revocation(at(given.Add(-time.Hour)))), Fail, EffectBlock, "renewed"},
		{"a stop without a time",
			reminder(after(), revocation(at(time.Time{}),
				func(f *Fact) { f.Source = "letter" })).with(func(x *setup) { x.s.Facts[1].RecordedAt = time.Time{} }), Fail,
			EffectBlock, ""},
		{"a stop of which only the day is known, laid over a consent of that afternoon",
			reminder(granted(at(time.Date(2026, 11, 8, 20, 0, 0, 0, time.UTC))),
				revocation(at(time.Date(2026, 11, 8, 12, 0, 0, 0, time.UTC)), func(f *Fact) { f.OccurredOn = "2026-11-08" })),
			Fail, EffectBlock, ""},
		{"a consent after the stop that does not name it", reminder(revocation(), after()), Fail, EffectBlock, "row 1"},
		{"a consent after the stop that names it", reminder(revocation(), after(renewing(1))), Pass, EffectBlock,
			"renewed on 2026-11-18"},
		{"a consent before the stop that names it all the same", reminder(after(renewing(2)), revocation()), Fail,
			EffectBlock, ""},
		{"a consent that names itself", reminder(revocation(), after(renewing(2))), Fail, EffectBlock, ""},
		{"a consent that names another refusal", reminder(revocation(at(noon.Add(-2*day))), revocation(),
			after(renewing(1))), Fail, EffectBlock, "row 2"},
		{"two refusals, and a consent that names each", reminder(revocation(at(noon.Add(-2*day))), revocation(),
			after(renewing(1)), after(renewing(2))), Pass, EffectBlock, ""},
		{"a renewal that is dated before the stop", reminder(revocation(), granted(renewing(1))), Pass, EffectBlock, ""},
		{"a renewal of tomorrow", reminder(revocation(), granted(renewing(1), at(noon.Add(day)))), Fail, EffectBlock, ""},
		{"an import that names the stop", reminder(revocation(), after(renewing(1), via(ViaImport))), Fail, EffectBlock, ""},
		{"a voice on a call that names the stop", reminder(revocation(), after(renewing(1), via(ViaCall))), Fail,
			EffectBlock, ""},
		{"a consent of before the routes were known", reminder(revocation(), after(renewing(1), via(""))), Fail,
			EffectBlock, ""},
		{"a file that calls itself a web form",
			reminder(revocation(), after(renewing(1), via(ViaImport), source("web_form"))), Fail, EffectBlock, ""},
		{"START by text", reminder(revocation(), after(renewing(1), via(ViaSMS), func(f *Fact) {
			f.By, f.Reason = "",
				""
		})), Pass, EffectBlock, ""},
		{"a one-time link that came back",
			reminder(revocation(), after(renewing(1), via(ViaLink), func(f *Fact) { f.By, f.Reason = "", "" })), Pass,
			EffectBlock, ""},
		{"an operator's command", reminder(revocation(), after(renewing(1), via(ViaCLI))), Pass, EffectBlock, ""},
		{"a renewal by nobody", reminder(revocation(), after(renewing(1), func(f *Fact) { f.By = "" })), Fail,
			EffectBlock, ""},
		{"a renewal for no reason", reminder(revocation(), after(renewing(1), func(f *Fact) { f.Reason = "" })), Fail,
			EffectBlock, ""},
		{"a renewal that does not say how it was given",
			reminder(revocation(), after(renewing(1), func(f *Fact) { f.Evidence.Method = "" })), Fail, EffectBlock, ""},
		{"a renewal of consent to texts alone",
			reminder(revocation(), after(renewing(1), func(f *Fact) { f.Channels = []string{"sms"} })), Fail, EffectBlock, ""},
		{"a renewal for another purpose", reminder(revocation(), after(renewing(1), inWriting)), Fail, EffectBlock, ""},
		{"a renewal to another seller", reminder(revocation(), after(renewing(1), func(f *Fact) { f.Seller = "other" })),
			Fail, EffectBlock, ""},
		{"a renewal that was taken back again", reminder(revocation(), after(renewing(1)),
			revocation(at(noon.Add(-time.Minute)))), Fail, EffectBlock, ""},
		{"a word in a call that the renewal does not name",
			reminder(revocation(), fact(Fact{Type: OptOutInCall, Trigger: "key"}), after(renewing(1))), Fail, EffectBlock, ""},
		{"a stop that was written down in three rows, of which the renewal names one",
			reminder(append(said(), after(renewing(2)))...), Pass, EffectBlock, ""},
		{"a stop by text ends calls, too",
			reminder(and(cleared(), revocation(source("sms"), func(f *Fact) { f.Channels = []string{"sms"} }))...), Fail,
			EffectBlock, ""},
		{"a stop by letter ends calls, too", reminder(and(cleared(), revocation(source("letter")))...), Fail, EffectBlock,
			""},
		{"a stop without a scope", reminder(and(cleared(), revocation(func(f *Fact) { f.Scope = "" }))...), Fail,
			EffectBlock, "all automated"},
		{"a stop of a scope nobody knows",
			reminder(and(cleared(), revocation(func(f *Fact) { f.Scope = "everything, please" }))...), Fail, EffectBlock, ""},
		{"a stop said to another seller", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller = "other" }))...),
			Pass, EffectBlock, ""},
		{"a stop said to another seller, for whoever calls through this bridge",
			reminder(and(cleared(), revocation(func(f *Fact) { f.Seller, f.Scope = "other", ScopePlatform }))...), Fail,
			EffectBlock, ""},
		{"a stop said to another seller, for its affiliates, whoever they are",
			reminder(and(cleared(), revocation(func(f *Fact) { f.Seller, f.Scope = "other", ScopeAffiliate }))...), Fail,
			EffectBlock, ""},
		{"a stop that names no seller", reminder(and(cleared(), revocation(func(f *Fact) { f.Seller = "" }))...), Fail,
			EffectBlock, ""},
		{"a stop to sales calls leaves reminders", reminder(and(cleared(), revocation(marketing))...), Pass, EffectBlock, ""},
		{"a stop to sales calls ends sales calls", sale(and(sellable(), revocation(marketing))...), Fail, EffectBlock, ""},
		{"a stop to sales calls ends a reminder with an offer in it",
			reminder(and(cleared(), revocation(marketing))...).with(func(x *setup) { x.req.Marketing = true }), Fail,
			EffectBlock, ""},
		{"a stop to one subject leaves another",
			reminder(and(cleared(), revocation(func(f *Fact) { f.Scope, f.Subject = ScopeCategory, "recall" }))...), Pass,
			EffectBlock, ""},
		{"a stop to this subject",
			reminder(and(cleared(), revocation(func(f *Fact) { f.Scope, f.Subject = ScopeCategory, "appointment" }))...),
			Fail, EffectBlock, ""},
		{"a stop to one subject, and a call about none",
			reminder(and(cleared(), revocation(func(f *Fact) {
				f.Scope, f.Subject = ScopeCategory,
					"recall"
			}))...).with(func(x *setup) { x.req.Subject = "" }), Fail, EffectBlock, ""},
		{"a stop said in a call, of which only the words were kept",
			reminder(and(cleared(), fact(Fact{Type: OptOutInCall, Trigger: "key"}))...), Fail, EffectBlock, ""},
		{"a stop of a person who was erased since", reminder(revocation(func(f *Fact) { f.Source = "" }),
			fact(Fact{Type: Erased})), Fail, EffectBlock, ""},
		{"an emergency does not by itself outweigh a stop", reminder(revocation()).with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { emergencies(p) })
		}), Fail, EffectHold, "a person must decide"},
		{"a stop that lands between the dial and the answer",
			reminder(and(cleared(), revocation(at(noon)))...).with(func(x *setup) { x.req.AtAnswer = true }), Fail,
			EffectBlock, ""},
		{"a switched-off rule of its own name",
			reminder(and(cleared(), revocation())...).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.SwitchedOff = []string{"hours"} }) }), Fail, EffectBlock, ""},
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
		{"on the list for longer than the five years of the law",
			reminder(and(cleared(), listed(at(noon.AddDate(-9, 0, 0))))...), Fail, EffectBlock, "since 2017"},
		{"on the list, and a consent since, which is no wish to leave it", reminder(and([]Fact{listed()}, after())...),
			Fail, EffectBlock, ""},
		{"on the list, and a consent that names the entry", reminder(listed(), after(renewing(1))), Pass, EffectBlock,
			"removed from the seller's do-not-call list at the person's request"},
		{"taken off the list by the person", reminder(listed(), removed(renewing(1)), after()), Pass, EffectBlock,
			"removed from the seller's do-not-call list at the person's request"},
		{"taken off the list without a word of which entry", reminder(and(cleared(), listed(), removed())...), Fail,
			EffectBlock, "row 4"},
		{"taken off the list by an import", reminder(and(cleared(), listed(), removed(renewing(4), via(ViaImport)))...),
			Fail, EffectBlock, ""},
		{"taken off the list without evidence",
			reminder(and(cleared(), listed(), removed(renewing(4), func(f *Fact) { f.Evidence = nil }))...), Fail,
			EffectBlock, ""},
		{"taken off the list in the future",
			reminder(and(cleared(), listed(), removed(renewing(4), at(noon.Add(day))))...), Fail, EffectBlock, ""},
		{"on it again after leaving it", reminder(and(cleared(), listed(), removed(renewing(4)), listed(at(noon)))...),
			Fail, EffectBlock, "row 6"},
		{"a stop that put it there, and a renewal of the stop", reminder(append(said(), after(renewing(1)))...), Pass,
			EffectBlock, ""},
		{"a stop that put it there, and a renewal of another entry",
			reminder(append(said(), listed(), after(renewing(4)))...), Fail, EffectBlock, ""},
		{"on the list for whoever calls through this bridge, beside a stop to sales calls, which alone the renewal names",
			reminder(and(cleared(),
				revocation(func(f *Fact) { f.Scope, f.Purposes = ScopePurpose, []Purpose{Telemarketing} }),
				listed(at(noon.Add(-day)), func(f *Fact) { f.Source, f.Scope = "phone", ScopePlatform }),
				after(renewing(4)))...), Fail, EffectBlock, "row 5"},
		{"on another seller's list", reminder(and(cleared(), listed(func(f *Fact) { f.Seller = "other" }))...), Pass,
			EffectBlock, ""},
		{"taken off by another seller",
			reminder(and(cleared(), listed(), removed(renewing(4), func(f *Fact) { f.Seller = "other" }))...), Fail,
			EffectBlock, ""},
		{"on a list for whoever calls through this bridge",
			reminder(and(cleared(), listed(func(f *Fact) { f.Seller, f.Scope = "other", ScopePlatform }))...), Fail,
			EffectBlock, ""},
		{"an emergency", reminder(listed()).with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { emergencies(p) })
		}), NotApplicable, "", ""},
	})
}
