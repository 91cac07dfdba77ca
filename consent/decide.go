package consent

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// rule is one rule of the catalogue. It looks at an evaluation and says how it
// came out; a rule of the states gives one result for each state in question. It
// is pure: no clock, no order of maps.
type rule struct {
	id     string // as in the catalogue; a state's without its ending, such as hours.state
	effect Effect // of a result that a panic stands for
	eval   func(*evaluation) []Result
}

// evaluation is what the rules of one decision look at.
type evaluation struct {
	policy *Policy
	req    Request
	s      Snapshot
	now    time.Time

	misplaced string // what is wrong with where the person is said to be; empty if nothing is

	line   string  // the line type that is assumed: wireless unless a fresh fact says otherwise
	places []Place // where the person may be; empty if nobody knows

	// What several rules need, folded from the facts when first asked for.
	folded  *consents
	refused *[]answer
	tried   []attempt
}

// Place is a state and a zone in which the person called may be.
type Place struct {
	State    string // two letters; empty if only the zone is known
	Zone     *time.Location
	Evidence string // stated, address, zone, area code, anywhere
	Fact     int64  // the Seq behind it, if there is one
}

// telemarketing tells whether the call sells anything: one promotional sentence
// is enough (47 CFR 64.1200(f)(13), "dual purpose"). A purpose that nobody knows is
// taken for it.
func (e *evaluation) telemarketing() bool {
	return e.req.Purpose == Telemarketing || e.req.Marketing || !slices.Contains(Purposes, e.req.Purpose)
}

// rules is the catalogue in its fixed order.
func rules() []rule {
	var all []rule
	for _, part := range [][]rule{numberRules, consentRules, refusalRules, listRules, reassignedRules, timeRules,
		frequencyRules, stateRules, callerRules, dutyRules, ledgerRules} {
		all = append(all, part...)
	}
	return all
}

// catalogue is the rules, put together once.
var catalogue = sync.OnceValue(rules)

// Rules is the ids of the catalogue in its fixed order. A rule of the states has results with the
// state behind its id.
func Rules() []string {
	var ids []string
	for _, r := range catalogue() {
		ids = append(ids, r.id)
	}
	return ids
}

// Decide evaluates every rule and combines the results: anything that blocks
// denies, anything unknown holds, anything about time defers.
func (p *Policy) Decide(req Request, s Snapshot, now time.Time) Decision {
	e := newEvaluation(p.at(now), req, s, now)
	d := Decision{Policy: p.Hash(), AsOf: s.AsOf, EvaluatedAt: now.UTC(), Duties: []Result{}}
	d.Results = make([]Result, 0, len(catalogue())+16)
	for _, r := range catalogue() {
		d.Results = append(d.Results, e.run(r)...)
	}
	d.Outcome = combine(d.Results)
	for _, r := range d.Results {
		if r.Effect == EffectInCall && r.Status == Pass {
			d.Duties = append(d.Duties, r)
		}
	}
	if d.Outcome == Defer {
		d.NotBefore = e.notBefore()
	}
	return d
}

// run evaluates a rule. One that the policy has switched off, or that panics, says
// so in its result.
func (e *evaluation) run(r rule) (results []Result) {
	defer func() {
		if v := recover(); v != nil {
			_ = debug.Stack // the text of a panic may hold what a fact says: it goes nowhere
			results = []Result{{Rule: r.id, Jurisdiction: "US", Status: Unknown, Effect: EffectHold,
				Reason: "internal error: the rule could not be evaluated"}}
		}
	}()
	results = r.eval(e)
	for i := range results {
		if e.policy.Off(results[i].Rule) {
			results[i] = Result{Rule: results[i].Rule, Jurisdiction: results[i].Jurisdiction, Status: NotApplicable,
				Effect: results[i].Effect,
				Reason: fmt.Sprintf("switched off by policy %s", e.policy.Name), Citation: results[i].Citation}
		} else {
			e.policy.noted(&results[i])
		}
	}
	return results
}

// combine is the outcome of results.
func combine(results []Result) Outcome {
	outcome := Allow
	worse := map[Outcome]int{Allow: 0, Defer: 1, Hold: 2, Deny: 3}
	for _, r := range results {
		var o Outcome
		switch {
		case r.Effect == EffectWarn:
			continue
		case r.Status == Unknown:
			o = Hold
		case r.Status != Fail:
			continue
		case r.Effect == EffectDefer:
			o = Defer
		case r.Effect == EffectHold:
			o = Hold
		default: // a block, or a duty that the call can't take on
			o = Deny
		}
		if worse[o] > worse[outcome] {
			outcome = o
		}
	}
	return outcome
}

// under tells whether a rule's id is a prefix or begins with it and a dot.
func under(id, prefix string) bool {
	return id == prefix || strings.HasPrefix(id, prefix+".")
}
