package consent

import (
	"slices"
	"testing"
	"time"
)

// The whole catalogue with the built-in policy: what a lawful reminder needs is
// enough, in the states where a call may be tried at most hours.
func TestClearedByTheBuiltInPolicy(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ area, state, zone string }{
		{"212", "NY", "America/New_York"}, {"804", "VA", "America/New_York"}, {"515", "IA", "America/Chicago"},
		{"808", "HI", "Pacific/Honolulu"},
	} {
		t.Run(x.state, func(t *testing.T) {
			t.Parallel()
			now := noon.Add(3 * time.Hour) // the middle of the day in all of them
			person := number("+1" + x.area + "5552671")
			there := func(f *Fact) {
				f.Number = person
				if f.Type == NumberFact {
					f.State, f.Zone = x.state, x.zone
				}
			}
			req := call(func(r *Request) { r.To, r.Location = person, Location{State: x.state, Zone: x.zone} })
			s := ledgerOf(granted(there), scrubbed(there), lookedUp(there))
			d := Builtin().Decide(req, s, now)
			if d.Outcome != Allow {
				t.Errorf("%s: %+v", d.Outcome, d.Failing())
			}
			if night := Builtin().Decide(req, s, now.Add(11*time.Hour)); night.Outcome != Defer || night.NotBefore == nil {
				t.Errorf("at night: %s, %v: %+v", night.Outcome, night.NotBefore, night.Failing())
			}
			if d := Builtin().Decide(req, ledgerOf(), now); d.Outcome != Deny || d.Failing()[0].Rule != "consent.missing" {
				t.Errorf("without a fact: %s: %+v", d.Outcome, d.Failing())
			}
		})
	}
}

// Each rule of the catalogue has one name, and reports under it.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, r := range rules() {
		if slices.Contains(seen, r.id) {
			t.Errorf("%s is there twice", r.id)
		}
		seen = append(seen, r.id)
	}
	for _, x := range []setup{reminder(cleared()...), sale(sellable()...), sale(), reminder()} {
		for _, p := range []*Policy{Builtin(), strict()} {
			x.req.Location = Location{State: "FL", Zone: "America/New_York"}
			for _, r := range p.Decide(x.req, x.s, noon).Results {
				if !slices.ContainsFunc(seen, func(id string) bool { return under(r.Rule, id) }) {
					t.Errorf("%s is in no catalogue", r.Rule)
				}
				if r.Status == Fail && r.Citation == "" && r.Jurisdiction == "US" {
					t.Errorf("%s cites nothing", r.Rule)
				}
			}
		}
	}
}

// A rule that panics holds the call, and the others still report.
func TestAPanicHolds(t *testing.T) {
	t.Parallel()
	e := newEvaluation(strict(), call(), ledgerOf(cleared()...), noon)
	got := e.run(rule{"broken", EffectBlock, func(*evaluation) []Result { panic(dana.E164()) }})
	if len(got) != 1 || got[0].Status != Unknown || combine(got) != Hold {
		t.Errorf("%+v", got)
	}
}

// What a policy switches off is named, and stops nothing.
func TestSwitchedOff(t *testing.T) {
	t.Parallel()
	x := reminder(and(cleared(), called("caller_hung_up", time.Hour)...)...)
	x.policy = strict(func(p *Policy) { p.SwitchedOff = []string{"frequency"} })
	d := x.decide()
	if r := result(t, d, "frequency.policy"); d.Outcome != Allow || r.Status != NotApplicable ||
		r.Reason != "switched off by policy test" {
		t.Errorf("%s: %+v", d.Outcome, r)
	}
}
