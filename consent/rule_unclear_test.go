package consent

import "testing"

func TestRuleOptOutUnclear(t *testing.T) {
	t.Parallel()
	unclear := func(with ...func(*Fact)) Fact {
		return fact(Fact{Type: OptOutUnclear, Source: "sms", Words: "enough for now", CallID: "call_0"}, with...)
	}
	meant := func(seq int64, with ...func(*Fact)) Fact {
		return fact(Fact{Type: Resolve, Via: ViaAPI, By: "Ana", Reason: "asked them", Renews: seq,
			Result: MeantNoRefusal}, with...)
	}
	of := func(seller string) func(*Fact) { return func(f *Fact) { f.Seller = seller } }
	onCall := func(id string) func(*Fact) {
		return func(f *Fact) { f.Via, f.By, f.Reason, f.CallID = ViaCall, "", "", id }
	}
	table(t, "optout.unclear", []row{
		{"nothing unclear", reminder(cleared()...), Pass, EffectHold, ""},
		{"what may be a refusal", reminder(and(cleared(), unclear())...), Fail, EffectHold, "row 4"},
		{"of a person who agreed to nothing", reminder(unclear()), Fail, EffectHold, "row 1"},
		{"is an opt-out from another seller", reminder(and(cleared(), unclear(of("other")))...), Pass, EffectHold, ""},
		{"said to nobody in particular", reminder(and(cleared(), unclear(of("")))...), Fail, EffectHold, ""},
		{"a consent since", reminder(and(cleared(), unclear(), after())...), Fail, EffectHold, ""},
		{"resolved by an operator", reminder(and(cleared(), unclear(), meant(4))...), Pass, EffectHold, "resolved"},
		{"resolved as a refusal",
			reminder(and(cleared(), unclear(), meant(4, func(f *Fact) { f.Result = MeantRefusal }))...), Pass, EffectHold,
			"resolved"},
		{"resolved as who knows what",
			reminder(and(cleared(), unclear(), meant(4, func(f *Fact) { f.Result = "perhaps" }))...), Fail, EffectHold, ""},
		{"resolved by nobody", reminder(and(cleared(), unclear(), meant(4, func(f *Fact) { f.By = "" }))...), Fail,
			EffectHold, ""},
		{"resolved for no reason", reminder(and(cleared(), unclear(), meant(4, func(f *Fact) { f.Reason = "" }))...),
			Fail, EffectHold, ""},
		{"resolved by a file", reminder(and(cleared(), unclear(), meant(4, via(ViaImport)))...), Fail, EffectHold, ""},
		{"another row resolved", reminder(and(cleared(), unclear(), unclear(), meant(4))...), Fail, EffectHold, "row 5"},
		{"resolved before it was said", reminder(and(cleared(), meant(5), unclear())...), Fail, EffectHold, ""},
		{"resolved by a text of the person", reminder(and(cleared(), unclear(), meant(4, via(ViaSMS)))...), Pass,
			EffectHold, ""},
		{"resolved by the answer on that call", reminder(and(cleared(), unclear(), meant(4, onCall("call_0")))...), Pass,
			EffectHold, ""},
		{"resolved by an answer on another call", reminder(and(cleared(), unclear(), meant(4, onCall("call_9")))...),
			Fail, EffectHold, ""},
		{"a policy that switches it off",
			reminder(and(cleared(), unclear())...).with(func(x *setup) { x.policy = strict(func(p *Policy) { p.SwitchedOff = []string{"hours"} }) }), Fail, EffectHold, ""},
	})
}
