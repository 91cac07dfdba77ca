package consent

import "testing"

func TestClearedFacts(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]setup{
		"a reminder to a person who consented to reminders":   {req: call(), s: ledgerOf(cleared()...)},
		"a sales call to a person who signed for sales calls": {req: call(sales), s: ledgerOf(sellable()...)},
		"a reminder to a person of any of several states": {req: call(), s: ledgerOf(cleared()...),
			places: in("NY", "FL", "WA", "ME")},
		"a reminder that is checked again when somebody answers": {req: call(func(r *Request) { r.AtAnswer = true }),
			s: ledgerOf(cleared()...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := x.decide()
			if d.Outcome != Allow {
				t.Errorf("%s: %+v", d.Outcome, d.Failing())
			}
			hygiene(t, x, d)
			for _, r := range d.Results {
				t.Logf("%-30s %-15s %-8s %s", r.Rule, r.Status, r.Effect, r.Reason)
			}
		})
	}
}
