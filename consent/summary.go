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

// Summary is the state of a number for a seller.
func Summary(seller Seller, facts []Fact, now time.Time) State {
	about := func(p Purpose, subject string) *evaluation {
		return &evaluation{policy: &Policy{}, req: Request{Seller: seller, Purpose: p, Subject: subject},
			s: Snapshot{Facts: facts}, now: now}
	}
	e := about("", "")
	granted := false
	for i := range facts {
		if f := &facts[i]; f.Type == Grant && f.Seller != "" && seller.Owns(f.Seller) &&
			slices.Contains(f.Channels, VoiceAI) {
			// Each of its purposes is asked for, so that a narrow stop leaves the others.
			granted = granted || slices.ContainsFunc(f.Purposes, func(p Purpose) bool {
				own := about(p, f.Subject)
				return own.dead(f) == "" && dncInternal(own)[0].Status != Fail
			})
		}
	}
	switch {
	case granted:
		return StateGranted
	case e.anyRefusal():
		return StateRevoked
	case dncInternal(e)[0].Status == Fail:
		return StateDoNotCall
	case e.reassignedYes() != nil:
		return StateReassigned
	}
	return StateNone
}

// WorstSummary is the worst state of a number for some sellers, and for those that the
// facts name and nobody knows any more.
func WorstSummary(sellers []Seller, facts []Fact, now time.Time) State {
	sellers = append(slices.Clone(sellers), Seller{}) // what binds everyone
	for i := range facts {
		name := facts[i].Seller
		if !slices.ContainsFunc(sellers, func(s Seller) bool { return s.Is(name) }) {
			sellers = append(sellers, Seller{Name: name})
		}
	}
	worst := StateNone
	for _, s := range sellers {
		if got := Summary(s, facts, now); slices.Index(stateOrder, got) > slices.Index(stateOrder, worst) {
			worst = got
		}
	}
	return worst
}

// anyRefusal tells whether the person has taken anything back from this seller.
func (e *evaluation) anyRefusal() bool {
	return slices.ContainsFunc(e.s.Facts, func(f Fact) bool {
		return (f.Type == Revoke || f.Type == OptOutInCall) && bindsSeller(&f, &e.req.Seller)
	})
}
