package consent

import (
	"slices"
	"time"
)

// State is what the facts about a number come to, in one word.
type State string

// The states, from the best to the worst. What a call may do, only a [Decision] says.
const (
	StateNone       State = "none"        // nobody has agreed to anything
	StateGranted    State = "granted"     // a consent is there that counts, whatever it is for
	StateReassigned State = "reassigned"  // the number belongs to somebody else since
	StateDoNotCall  State = "do_not_call" // on the seller's own list
	StateRevoked    State = "revoked"     // the person wants no more calls
)

var stateOrder = []State{StateNone, StateGranted, StateReassigned, StateDoNotCall, StateRevoked}

// Summary is the state of a number for a seller; with an empty seller, the worst
// of all sellers that the facts name.
func Summary(seller string, facts []Fact, now time.Time) State {
	if seller != "" {
		return summary(seller, facts, now)
	}
	worst := summary("", facts, now) // what binds everyone
	var seen []string
	for i := range facts {
		if s := facts[i].Seller; s != "" && !slices.Contains(seen, s) {
			seen = append(seen, s)
			if got := summary(s, facts, now); slices.Index(stateOrder, got) > slices.Index(stateOrder, worst) {
				worst = got
			}
		}
	}
	return worst
}

func summary(seller string, facts []Fact, now time.Time) State {
	e := &evaluation{policy: &Policy{}, req: Request{Seller: Seller{Name: seller}}, s: Snapshot{Facts: facts}, now: now}
	granted := false
	for i := range facts {
		if f := &facts[i]; f.Type == Grant && f.Seller == seller && seller != "" && slices.Contains(f.Channels, VoiceAI) {
			// Each of its purposes is asked for, so that a narrow stop leaves the others.
			granted = granted || slices.ContainsFunc(f.Purposes, func(p Purpose) bool {
				own := &evaluation{policy: e.policy, req: Request{Seller: e.req.Seller, Purpose: p, Subject: f.Subject}, s: e.s, now: now}
				return own.dead(f) == ""
			})
		}
	}
	switch {
	case !granted && e.anyRefusal():
		return StateRevoked
	case dncInternal(e)[0].Status == Fail:
		return StateDoNotCall
	case !granted && e.reassignedYes() != nil:
		return StateReassigned
	case granted:
		return StateGranted
	}
	return StateNone
}

// anyRefusal tells whether the person has taken anything back from this seller.
func (e *evaluation) anyRefusal() bool {
	return slices.ContainsFunc(e.s.Facts, func(f Fact) bool {
		return (f.Type == Revoke || f.Type == OptOutInCall) && (f.Seller == "" || f.Seller == e.req.Seller.Name || f.Scope == ScopePlatform || f.Scope == ScopeAffiliate)
	})
}
