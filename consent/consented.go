package consent

import "slices"

// grant is a consent on the ledger and what keeps it from covering the call.
type grant struct {
	*Fact
	reach   string   // why it is about other calls; empty if it is about this one
	dead    string   // why it does not count any more, or never did
	defects []string // what its record lacks; looked at for calls that sell
	faults  int      // how many of the rules about consent it does not satisfy
}

func (g *grant) covers() bool { return g.reach == "" && g.dead == "" }

// consents is the consents about the number, the newest first, and the one that
// the call relies on.
type consents struct {
	grants []grant
	relied *grant // nil if none covers the call
}

// consents folds the facts once for all rules. Of several that cover the call the
// one with the fewest faults is relied on, of these the newest.
func (e *evaluation) consents() *consents {
	if e.folded != nil {
		return e.folded
	}
	c := &consents{}
	e.folded = c
	for i := range e.s.Facts {
		if f := &e.s.Facts[i]; f.Type == Grant {
			c.grants = append(c.grants, grant{Fact: f, reach: e.reach(f), dead: e.dead(f)})
		}
	}
	slices.SortStableFunc(c.grants, func(a, b grant) int { return happened(b.Fact).Compare(happened(a.Fact)) })
	for i := range c.grants {
		g := &c.grants[i]
		if !g.covers() {
			continue
		}
		if e.telemarketing() {
			if g.Tier != Written {
				g.faults++
			}
			if g.defects = e.defects(g.Fact); len(g.defects) > 0 {
				g.faults++
			}
		}
		if intermediary(g.Fact) && verifiedBy(g.Fact) == "" {
			g.faults++
		}
		if a := e.reassignedAnswer(g.Fact); a == nil || a.Reassigned != No || e.reassignedStale(a) {
			g.faults++
		}
		if c.relied == nil || g.faults < c.relied.faults {
			c.relied = g
		}
	}
	return c
}
