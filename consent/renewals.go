package consent

import "slices"

// Unresolved is the facts of a person that are unclear and that nobody has decided, as far
// as a seller has to answer for them.
func Unresolved(facts []Fact, s Seller) (list []Fact) {
	for i := range facts {
		f := &facts[i]
		if f.Type == OptOutUnclear && bindsSeller(f, &s) && resolved(f, facts) == nil {
			list = append(list, *f)
		}
	}
	return list
}

// Renewals is what a person's renewal means to a seller, such as START by text: each refusal
// that was said to that seller and stands is lifted, by a fact that names it; and the consent
// that the person had given before the last of them is given again, as far as it was a
// consent without a signature, and by whoever holds the number now. Act has what all of it
// has in common, the evidence among it.
// It is nothing of a person who has refused nothing.
func Renewals(facts []Fact, s Seller, act Fact) (list []Fact) {
	var last *Fact
	for i := range facts {
		f := &facts[i]
		if !f.Type.refusal() || f.Seller != "" && !s.Is(f.Seller) {
			continue
		}
		if last != nil && sameAct(last, f) {
			last = f
			continue
		}
		last = f
		if slices.ContainsFunc(facts, func(r Fact) bool {
			return r.Type == DNCRemove && r.Renews == f.Seq && s.Owns(r.Seller) && sawThePerson(&r)
		}) {
			continue
		}
		lift := act
		lift.Type, lift.Seller, lift.Renews = DNCRemove, s.Name, f.Seq
		list = append(list, lift)
	}
	if len(list) == 0 {
		return nil
	}
	reassigned := (&evaluation{s: Snapshot{Facts: facts}}).reassignedYes()
	for i := len(facts) - 1; i >= 0; i-- {
		g := &facts[i]
		if reassigned != nil && !happened(g).After(happened(reassigned)) {
			continue // somebody else's
		}
		if g.Seq >= last.Seq || g.Type != Grant || !s.Owns(g.Seller) || flaw(g) != "" || !affirmative(g) ||
			!slices.Contains(g.Channels, VoiceAI) {
			continue
		}
		again := act
		again.Type, again.Seller, again.Renews = Grant, s.Name, list[len(list)-1].Renews
		again.Tier, again.Purposes, again.Channels, again.Subject = Express, g.Purposes, g.Channels, g.Subject
		return append(list, again)
	}
	return list
}
