package consent

import (
	"testing"
	"time"
)

// asked is the database's answer about a day.
func asked(answer string, about time.Time, with ...func(*Fact)) Fact {
	return lookedUp(append([]func(*Fact){func(f *Fact) {
		f.Reassigned, f.DateParam = answer,
			about.Format(time.DateOnly)
	}}, with...)...)
}

func TestRuleReassigned(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 8, 2, 30, 0, 0, time.UTC) // the evening of the 7th in New York
	table(t, "reassigned", []row{
		{"a no about the day of the consent", reminder(cleared()...), Pass, EffectBlock, "not reassigned since 2026-11-08"},
		{"a yes", reminder(granted(), asked(Yes, given)), Fail, EffectBlock, "its previous holder"},
		{"a yes about another day is heard all the same", reminder(granted(), asked(Yes, noon.AddDate(-1, 0, 0))), Fail,
			EffectBlock, ""},
		{"a yes that another seller got",
			reminder(and(cleared(), asked(Yes, given, func(f *Fact) { f.Seller = "other" }))...), Fail, EffectBlock, ""},
		{"a yes, and no consent at all", reminder(asked(Yes, given)), Fail, EffectBlock, ""},
		{"a yes for a sales call", sale(granted(inWriting), scrubbed(), asked(Yes, given)), Fail, EffectBlock, ""},
		{"no data is not a no", reminder(granted(), asked(NoData, given)), Unknown, EffectHold, "does not clear the number"},
		{"a no, and then no data", reminder(granted(), asked(No, given, ago(day)), asked(NoData, given)), Unknown,
			EffectHold, ""},
		{"no data, and then a no", reminder(granted(), asked(NoData, given, ago(day)), asked(No, given)), Pass,
			EffectBlock, ""},
		{"a no about today", reminder(granted(), asked(No, noon)), Unknown, EffectHold,
			"queried for 2026-11-18, not for the date of the consent (2026-11-08)"},
		{"a no about the day before the consent", reminder(granted(), asked(No, given.AddDate(0, 0, -1))), Unknown,
			EffectHold, ""},
		{"a no about no day", reminder(granted(), lookedUp(func(f *Fact) { f.DateParam = "" })), Unknown, EffectHold,
			"no date"},
		{"a no about the day of a later verified contact",
			reminder(granted(), granted(ago(3*day), func(f *Fact) { f.Purposes = []Purpose{Research} }),
				asked(No, noon.AddDate(0, 0, -3))), Pass, EffectBlock, ""},
		{"a no about the day of a later contact that nobody verified",
			reminder(granted(), granted(ago(3*day), func(f *Fact) {
				f.Purposes, f.Evidence.VerifiedBy = []Purpose{Research},
					""
			}), asked(No, noon.AddDate(0, 0, -3))), Unknown, EffectHold, ""},
		{"a no about the day where the person lives", reminder(granted(at(late)), asked(No, late.AddDate(0, 0, -1))),
			Pass, EffectBlock, ""},
		{"a no that another seller got", reminder(granted(), asked(No, given, func(f *Fact) { f.Seller = "other" })),
			Unknown, EffectHold, ""},
		{"a no from the future", reminder(granted(), asked(No, given, at(noon.Add(day)))), Unknown, EffectHold, ""},
		{"nobody asked", reminder(granted()), Unknown, EffectHold, "the Reassigned Numbers Database has not been queried for"},
		{"no consent, and so no day to ask about", reminder(asked(No, given)), Unknown, EffectHold, "no consent"},
		{"a yes, then a new consent and a no about it", reminder(granted(), asked(Yes, given, ago(5*day)),
			granted(ago(2*day)), asked(No, noon.AddDate(0, 0, -2))), Pass, EffectBlock, ""},
		{"a yes, then a new consent that nobody asked about", reminder(granted(), asked(Yes, given, ago(5*day)),
			granted(ago(2*day))), Unknown, EffectHold, ""},
		{"two consents, and a no about the older", reminder(and(cleared(), granted(ago(2*day)))...), Pass, EffectBlock, ""},
		{"an emergency relies on no consent", reminder().with(func(x *setup) {
			x.req.Purpose, x.policy = Emergency, strict(func(p *Policy) { emergencies(p) })
		}), NotApplicable, "", ""},
	})
}

func TestRuleReassignedStale(t *testing.T) {
	t.Parallel()
	table(t, "reassigned.stale", []row{
		{"asked an hour ago", reminder(cleared()...), Pass, EffectHold, ""},
		{"asked thirty days ago", reminder(granted(at(noon.AddDate(0, -6, 0))), asked(No, noon.AddDate(0, -6, 0),
			ago(30*day))), Pass, EffectHold, ""},
		{"asked thirty-one days ago: carriers have reported since", reminder(granted(at(noon.AddDate(0, -6, 0))),
			asked(No, noon.AddDate(0, -6, 0), ago(31*day))), Fail, EffectHold, "30 days ago"},
		{"asked again since", reminder(granted(at(noon.AddDate(0, -6, 0))), asked(No, noon.AddDate(0, -6, 0),
			ago(31*day)), asked(No, noon.AddDate(0, -6, 0))), Pass, EffectHold, ""},
		{"never asked", reminder(granted()), NotApplicable, "", ""},
		{"no consent", reminder(), NotApplicable, "", ""},
	})
}
