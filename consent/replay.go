package consent

import (
	"fmt"
	"slices"
)

// Replayed is a decision that was made again from what is kept.
type Replayed struct {
	Seq       int64    `json:"seq"`
	Same      bool     `json:"same"`
	Recorded  Decision `json:"recorded"`
	Again     Decision `json:"again"`
	Different []string `json:"different"` // where they differ, a sentence each
	Seller    string   `json:"-"`         // on whose behalf the call was to be placed
}

// ReplayError is why a decision can't be made again.
type ReplayError struct {
	Seq int64
	Why string
}

func (e *ReplayError) Error() string {
	return fmt.Sprintf("row %d can't be replayed: %s", e.Seq, e.Why)
}

// Replay makes a decision again, by the rules of this program: from the decision's row,
// the person's rows (those after its AsOf are left out), and the ledger's own. The error is a
// *[ReplayError].
func Replay(decision Fact, facts, own []Fact) (Replayed, error) {
	no := func(format string, args ...any) (Replayed, error) {
		return Replayed{}, &ReplayError{decision.Seq, fmt.Sprintf(format, args...)}
	}
	if decision.Type != Decided || decision.Decision == nil {
		return no("not a decision")
	}
	recorded := *decision.Decision
	recorded.Seq = decision.Seq
	sellers := map[string]string{}
	var policy *Policy
	for _, f := range own {
		switch {
		case f.Type == SellerKept:
			sellers[f.TextSHA256] = f.Note
		case f.Type == PolicyKept && f.TextSHA256 == recorded.Policy:
			p, err := LoadPolicy([]byte(f.Note))
			if err != nil {
				return no("this version can't read the policy of row %d: %v", f.Seq, err)
			}
			policy = p
		}
	}
	if policy == nil {
		return no("the policy %s was not stored", recorded.Policy)
	}
	req, s, err := readInputs(decision.Inputs, sellers)
	if err != nil {
		return no("%v", err)
	}
	waiting := s.Facts
	s.Facts = nil
	for _, f := range facts {
		if f.Seq <= recorded.AsOf && f.Type != Decided {
			s.Facts = append(s.Facts, f)
		}
	}
	s.Facts = append(s.Facts, waiting...)
	again := policy.Decide(req, s, recorded.EvaluatedAt)
	again.Seq = recorded.Seq
	different := differences(recorded, again)
	return Replayed{recorded.Seq, len(different) == 0, recorded, again, different, decision.Seller}, nil
}

// differences is where two decisions differ. The words of a reason are no part of it: a later version may say
// the same better.
func differences(a, b Decision) []string {
	list := []string{}
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if a.Outcome != b.Outcome {
		say("outcome: recorded %s, now %s", a.Outcome, b.Outcome)
	}
	if a.Policy != b.Policy {
		say("policy: recorded %s, now %s", a.Policy, b.Policy)
	}
	if (a.NotBefore == nil) != (b.NotBefore == nil) || a.NotBefore != nil && !a.NotBefore.Equal(*b.NotBefore) {
		say("not_before: recorded %v, now %v", a.NotBefore, b.NotBefore)
	}
	find := func(results []Result, r Result) *Result {
		i := slices.IndexFunc(results, func(o Result) bool { return o.Rule == r.Rule && o.Jurisdiction == r.Jurisdiction })
		if i < 0 {
			return nil
		}
		return &results[i]
	}
	for _, r := range a.Results {
		switch o := find(b.Results, r); {
		case o == nil:
			say("%s (%s): recorded %s, now gone", r.Rule, r.Jurisdiction, r.Status)
		case o.Status != r.Status || o.Effect != r.Effect:
			say("%s (%s): recorded %s/%s, now %s/%s", r.Rule, r.Jurisdiction, r.Status, r.Effect, o.Status, o.Effect)
		}
	}
	for _, r := range b.Results {
		if find(a.Results, r) == nil {
			say("%s (%s): not recorded, now %s", r.Rule, r.Jurisdiction, r.Status)
		}
	}
	return list
}
