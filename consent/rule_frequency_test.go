package consent

import (
	"fmt"
	"testing"
	"time"
)

// called is calls that ended in the same way, so long ago each.
func called(outcome string, ago ...time.Duration) []Fact {
	var list []Fact
	for i, d := range ago {
		id := fmt.Sprintf("%s%d", outcome, i)
		list = append(list, permit1(id, d), ended(id, d-time.Minute, outcome))
	}
	return list
}

// caps is a policy with wide caps but for one.
func caps(with func(*Caps)) *Policy {
	return strict(func(p *Policy) {
		p.Caps = Caps{PerDay: 50, PerWeek: 100, Unanswered: 100}
		with(&p.Caps)
	})
}

func TestRuleFrequencyPolicy(t *testing.T) {
	t.Parallel()
	talked := "caller_hung_up"
	week := caps(func(c *Caps) { c.PerWeek = 3 })
	row3 := caps(func(c *Caps) { c.Unanswered = 3 })
	with := func(p *Policy, facts []Fact) setup {
		return reminder(and(cleared(), facts...)...).with(func(x *setup) { x.policy = p })
	}
	table(t, "frequency.policy", []row{
		{"never called before", reminder(cleared()...), Pass, EffectDefer, ""},
		{"called two hours ago", reminder(and(cleared(), called(talked, 2*time.Hour)...)...), Fail, EffectDefer,
			"1 in 24 hours; allowed again from 2026-11-19T15:00:00Z"},
		{"called late last night: a day is 24 hours, not a date",
			reminder(and(cleared(), called(talked, 18*time.Hour)...)...), Fail, EffectDefer, ""},
		{"called 24 hours ago to the second", reminder(and(cleared(), called(talked, 24*time.Hour)...)...), Pass,
			EffectDefer, ""},
		{"called a second less than 24 hours ago",
			reminder(and(cleared(), called(talked, 24*time.Hour-time.Second)...)...), Fail, EffectDefer, ""},
		{"called today, and nobody answered", reminder(and(cleared(), called("no_answer", 2*time.Hour)...)...), Fail,
			EffectDefer, ""},
		{"called today from another number of ours",
			reminder(and(cleared(), permit1("p", 2*time.Hour, func(f *Fact) { f.From = "+14155559999" }),
				ended("p", time.Hour, talked))...), Fail, EffectDefer, ""},
		{"called today about another subject",
			reminder(and(cleared(), permit1("p", 2*time.Hour, func(f *Fact) { f.Subject = "recall" }),
				ended("p", time.Hour, talked))...), Fail, EffectDefer, ""},
		{"a permit of today whose telephone never rang",
			reminder(and(cleared(), permit1("p", 2*time.Hour),
				permit1("p", 2*time.Hour, func(f *Fact) { f.PermitStatus = PermitReleased }))...), Pass, EffectDefer, ""},
		{"a permit of today whose end nobody knows", reminder(and(cleared(), permit1("p", 6*time.Hour))...), Fail,
			EffectDefer, ""},
		{"called by another seller today",
			reminder(and(cleared(), permit1("p", 2*time.Hour, func(f *Fact) { f.Seller = "other" }))...), Pass, EffectDefer, ""},
		{"a call from the future, by a clock that is wrong", reminder(and(cleared(), permit1("p", -2*time.Hour))...),
			Fail, EffectDefer, ""},
		{"three calls in seven days", with(week, called(talked, 2*day, 4*day, 6*day)), Fail, EffectDefer,
			"3 in 7 days; allowed again from 2026-11-19T17:00:00Z"},
		{"two calls in seven days, and one before", with(week, called(talked, 2*day, 4*day, 7*day)), Pass, EffectDefer, ""},
		{"both caps at once are both named", reminder(and(cleared(), called(talked, time.Hour, 4*day, 6*day)...)...),
			Fail, EffectDefer, "1 in 24 hours, 3 in 7 days"},
		{"three calls in a row that nobody took", with(row3, called("no_answer", 2*day, 4*day, 6*day)), Fail, EffectDefer,
			"3 unanswered calls in a row"},
		{"busy and a machine are nobody", with(row3, and(called("busy", 2*day, 4*day), called("voicemail", 6*day)...)),
			Fail, EffectDefer, ""},
		{"three that nobody took, with a talk between them",
			with(row3, and(called("no_answer", 2*day, 6*day, 8*day), called(talked, 4*day)...)), Pass, EffectDefer, ""},
		{"two that nobody took", with(row3, called("no_answer", 2*day, 4*day)), Pass, EffectDefer, ""},
		{"three that nobody took, and the person got in touch",
			with(row3, and(called("no_answer", 2*day, 4*day, 6*day), granted(ago(day)))), Pass, EffectDefer, ""},
		{"three that nobody took, and an import since",
			with(row3, and(called("no_answer", 2*day, 4*day, 6*day), granted(ago(day), source("import")))), Fail,
			EffectDefer, ""},
		{"three that nobody took, of last spring", with(row3, called("no_answer", 31*day, 32*day, 33*day)), Pass,
			EffectDefer, ""},
		{"calls that failed say nothing of the person", with(row3, called("failed", 2*day, 4*day, 6*day)), Pass,
			EffectDefer, ""},
		{"calls whose end was never written down",
			with(row3, []Fact{permit1("a", 2*day), permit1("b", 3*day), permit1("c", 4*day)}), Fail, EffectDefer, "unanswered"},
		{"the call itself, when it is answered",
			reminder(and(cleared(), permit1("p", time.Minute))...).with(func(x *setup) {
				x.req.AtAnswer, x.req.CallID = true,
					"call_p"
			}), NotApplicable, "", "has been placed"},
	})
	d := with(caps(func(c *Caps) { c.PerDay, c.Unanswered = 1, 3 }), called("no_answer", 2*time.Hour, 4*day,
		6*day)).decide()
	if r := result(t, d, "frequency.policy"); r.RetryAt == nil || !r.RetryAt.Equal(noon.Add(24*day)) {
		t.Errorf("the later of two caps' ends is %v: %s", r.RetryAt, r.Reason)
	}
}

func TestRuleFrequencyState(t *testing.T) {
	t.Parallel()
	wide := caps(func(*Caps) {})
	in := func(state string, facts ...Fact) setup {
		return sale(and(sellable(), facts...)...).with(func(x *setup) { x.policy, x.places = wide, in(state) })
	}
	talked := "caller_hung_up"
	table(t, "frequency.state.FL", []row{
		{"two sales calls in a day in Florida", in("FL", called(talked, time.Hour, 20*time.Hour)...), Pass, EffectDefer, ""},
		{"three sales calls in a day in Florida", in("FL", called(talked, time.Hour, 2*time.Hour, 20*time.Hour)...), Fail,
			EffectDefer, "3 in 24 hours; allowed again from 2026-11-18T21:00:00Z"},
		{"three reminders in a day in Florida, in the strict reading",
			in("FL", called(talked, time.Hour, 2*time.Hour, 20*time.Hour)...).with(func(x *setup) { x.req = call() }), Fail,
			EffectDefer, ""},
		{"three calls about as many subjects", in("FL", permit1("a", time.Hour, func(f *Fact) { f.Subject = "a" }),
			permit1("b", 2*time.Hour, func(f *Fact) { f.Subject = "b" }), permit1("c", 3*time.Hour)), Fail, EffectDefer, ""},
	})
	table(t, "frequency.state.ME", []row{
		{"a machine's call in Maine, nine hours after the last", in("ME", called(talked, 9*time.Hour)...), Pass,
			EffectDefer, ""},
		{"a machine's call in Maine, seven hours after the last", in("ME", called(talked, 7*time.Hour)...), Fail,
			EffectDefer, "1 in 8 hours"},
	})
	if r := result(t, in("NY", called(talked, time.Hour, 2*time.Hour, 3*time.Hour)...).decide(),
		"frequency.state.NY"); r.Status != NotApplicable {
		t.Errorf("a state without a cap: %+v", r)
	}
	if r := result(t, in("FL").with(func(x *setup) { x.req.AtAnswer = true }).decide(),
		"frequency.state"); r.Status != NotApplicable {
		t.Errorf("at the answer: %+v", r)
	}
}

// landline is a call under an exemption that the policy has switched on.
func landline(exemption string, purpose Purpose, facts ...Fact) setup {
	return reminder(facts...).with(func(x *setup) {
		x.req.Exemption, x.req.Purpose, x.line = exemption, purpose, "residential_landline"
		x.policy = caps(func(*Caps) {})
		x.policy.Exemptions = approved(ExemptionNames()...)
	})
}

func TestRuleFrequencyFederal(t *testing.T) {
	t.Parallel()
	talked := "caller_hung_up"
	table(t, "frequency.federal.informational", []row{
		{"the third exempt call to a landline in 30 days", landline("commercial", Informational,
			called(talked, 3*day, 20*day)...), Pass, EffectDefer, ""},
		{"the fourth exempt call to a landline in 30 days", landline("commercial", Informational,
			called(talked, 3*day, 10*day, 20*day)...), Fail, EffectDefer, "3 in 30 days"},
		{"a fourth that nobody answered counts as well", landline("noncommercial", Informational,
			called("no_answer", 3*day, 10*day, 20*day)...), Fail, EffectDefer, ""},
		{"a call with consent", reminder(and(cleared(), called(talked, 3*day, 10*day, 20*day)...)...), NotApplicable, "",
			"does not rely"},
		{"the fourth, when it is answered", landline("commercial", Informational,
			called(talked, 3*day, 10*day, 20*day)...).with(func(x *setup) { x.req.AtAnswer = true }), NotApplicable, "",
			"placed"},
	})
	table(t, "frequency.federal.healthcare", []row{
		{"a health-care call to a landline, two days after the last", landline("healthcare", Healthcare,
			called(talked, 2*day)...), Pass, EffectDefer, ""},
		{"a second in a day", landline("healthcare", Healthcare, called(talked, 2*time.Hour)...), Fail, EffectDefer,
			"1 in 24 hours"},
		{"a fourth in a week", landline("healthcare", Healthcare, called(talked, 2*day, 4*day, 6*day)...), Fail,
			EffectDefer, "3 in 7 days"},
	})
	table(t, "frequency.federal.package", []row{
		{"the first notice of a package", landline("package_delivery", PackageDelivery), Pass, EffectDefer, ""},
		{"a second notice", landline("package_delivery", PackageDelivery, called(talked, 2*day)...), Fail, EffectDefer, ""},
	})
	table(t, "frequency.federal.financial", []row{
		{"the third notice of an event", landline("financial_alert", FinancialAlert, called(talked, day, 2*day)...), Pass,
			EffectDefer, ""},
		{"the fourth in three days", landline("financial_alert", FinancialAlert,
			called(talked, time.Hour, day, 2*day)...), Fail, EffectDefer, "3 in 3 days"},
	})
	debt := func(facts ...Fact) setup {
		return reminder(facts...).with(func(x *setup) { x.req.Purpose, x.policy = DebtCollection, caps(func(*Caps) {}) })
	}
	table(t, "frequency.federal.debt", []row{
		{"the seventh attempt in seven days", debt(called("no_answer", day, day, 2*day, 3*day, 4*day, 5*day)...), Pass,
			EffectDefer, ""},
		{"the eighth attempt in seven days", debt(called("no_answer", day, day, 2*day, 3*day, 4*day, 5*day, 6*day)...),
			Fail, EffectDefer, "7 in 7 days"},
		{"a call three days after a conversation", debt(called(talked, 3*day)...), Fail, EffectDefer, "conversation"},
		{"a call eight days after a conversation", debt(called(talked, 8*day)...), Pass, EffectDefer, ""},
		{"a conversation about another debt", debt(permit1("p", 3*day, func(f *Fact) { f.Subject = "other debt" }),
			ended("p", 3*day, talked)), Pass, EffectDefer, ""},
		{"a call about no debt", reminder(called(talked, 3*day)...), NotApplicable, "", ""},
		{"when it is answered", debt(called(talked, 3*day)...).with(func(x *setup) { x.req.AtAnswer = true }),
			NotApplicable, "", "placed"},
	})
}
