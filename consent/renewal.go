package consent

import "slices"

// refusal tells whether facts of a type are a person's no: only a later act of the
// person that names such a fact lifts it.
func (t Type) refusal() bool { return t == Revoke || t == DNCAdd || t == OptOutInCall }

// lifting tells whether facts of a type may lift a refusal.
func (t Type) lifting() bool { return t == Grant || t == DNCRemove }

// sameAct tells whether two refusals are one act that was written down in several
// rows: a revocation and the entry on the seller's list that belongs to it, which is as
// wide as it.
func sameAct(a, b *Fact) bool {
	apart := a.Seq - b.Seq
	return a.Type != b.Type && a.Type.refusal() && b.Type.refusal() && apart >= -2 && apart <= 2 &&
		a.Seller == b.Seller && a.breadth() == b.breadth() && a.OccurredAt.Equal(b.OccurredAt) && a.Source == b.Source &&
		a.Via == b.Via && a.CallID == b.CallID
}

// breadth is how wide a refusal is. One of all that the seller does is so under several words.
func (f *Fact) breadth() string {
	switch f.Scope {
	case ScopeCategory, ScopePurpose, ScopeAffiliate, ScopePlatform:
		return f.Scope
	}
	return AllAutomated
}

// sawThePerson tells whether a fact came by a route on which the person acted: a text
// from the number itself, something sent to the number that came back, or an operator
// who answers for it with evidence and a reason. Nothing that a client calls its
// source counts, no file does, and a voice proves nobody.
func sawThePerson(f *Fact) bool {
	switch f.Via {
	case ViaSMS, ViaLink:
		return true
	case ViaAPI, ViaCLI:
		return f.By != "" && f.Reason != "" && f.Evidence != nil && f.Evidence.Method != "" && f.Evidence.Text != ""
	}
	return false
}

// ByOperator tells whether a fact lifts a refusal because an operator says so: then its
// evidence has to be new. A text or a code that came back is new by itself.
func (f *Fact) ByOperator() bool {
	return f.Type.lifting() && f.Renews != 0 && f.Via != ViaSMS && f.Via != ViaLink
}

// lifts tells whether a fact lifts a refusal for this call: it was entered later, names
// the refusal or a row of the same act, and is the person's own. A consent lifts it for
// what it covers; leaving the list lifts it, but gives no consent.
func (e *evaluation) lifts(f, refusal *Fact) bool {
	if !f.Type.lifting() || f.Renews == 0 || refusal.Seq == 0 || f.Seq <= refusal.Seq || !sawThePerson(f) ||
		!e.names(f.Renews, refusal) {
		return false
	}
	if f.Type == Grant {
		return e.reach(f) == "" && flaw(f) == "" && !e.future(f)
	}
	return e.req.Seller.Owns(f.Seller) && !e.future(f)
}

// names tells whether a row is a refusal, or of the same act.
func (e *evaluation) names(seq int64, refusal *Fact) bool {
	if seq == refusal.Seq {
		return true
	}
	return slices.ContainsFunc(e.s.Facts, func(f Fact) bool { return f.Seq == seq && sameAct(&f, refusal) })
}

// lifted is the first fact that lifts a refusal for this call; nil if it stands.
func (e *evaluation) lifted(refusal *Fact) *Fact {
	var first *Fact
	for i := range e.s.Facts {
		if f := &e.s.Facts[i]; e.lifts(f, refusal) && (first == nil || f.Seq < first.Seq) {
			first = f
		}
	}
	return first
}

// answer is a refusal that speaks against this call, and what lifted it.
type answer struct {
	refusal *Fact
	lifted  *Fact // nil: it stands
}

// answers is the refusals that speak against this call, as they were entered. What
// waits in the spool comes last.
func (e *evaluation) answers() []answer {
	if e.refused == nil {
		list := []answer{}
		for i := range e.s.Facts {
			if f := &e.s.Facts[i]; f.Type.refusal() && stops(f, &e.req) {
				list = append(list, answer{f, e.lifted(f)})
			}
		}
		slices.SortStableFunc(list, func(a, b answer) int { return compareEntry(a.refusal, b.refusal) })
		e.refused = &list
	}
	return *e.refused
}

// revokes is the refusal that a consent does not outlive: one that stands, or that was
// lifted by a later consent than this; nil if there is none. The date that a refusal
// bears is of no account: whoever enters it later meant it later.
func (e *evaluation) revokes(g *Fact) *Fact {
	var worst *Fact
	for _, a := range e.answers() {
		if a.refusal.Type != DNCAdd && (a.lifted == nil || compareEntry(g, a.lifted) < 0) {
			worst = a.refusal
		}
	}
	return worst
}

// compareEntry orders facts as they were entered. One that waits in the spool has no
// place yet, and is the last.
func compareEntry(a, b *Fact) int {
	switch {
	case a.Seq == b.Seq:
		return 0
	case b.Seq == 0 || a.Seq != 0 && a.Seq < b.Seq:
		return -1
	}
	return 1
}
