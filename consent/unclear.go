package consent

import (
	"slices"
	"time"
)

// HeldFor says why a person has to look at a number.
type HeldFor string

// What a person has to decide.
const (
	HeldUnclear HeldFor = "unclear" // what was said may be a refusal: resolve it
	// an earlier version took a consent for a renewal that does not name the refusal: ask the person again
	HeldRenewal HeldFor = "renewal"

	// rows of the ledger were lost since this consent: record one that was given or checked since
	HeldRestored HeldFor = "restored"
)

// Awaits tells whether a fact, one of those of its person, waits for somebody to decide:
// it is unclear and was not resolved, or it is a refusal that an earlier version let a
// consent lift which does not name it. Before is the last row of that version.
func Awaits(f Fact, facts []Fact, before int64) (why HeldFor, ok bool) {
	switch {
	case f.Type == OptOutUnclear:
		return HeldUnclear, resolved(&f, facts) == nil
	case f.Type != Revoke && f.Type != DNCAdd || f.Seq > before || f.revoked(facts):
		return "", false
	}
	e := &evaluation{policy: &Policy{}, req: Request{Seller: Seller{Name: f.Seller}}, s: Snapshot{Facts: facts}}
	lost := false
	for i := range facts {
		g := &facts[i]
		if !g.Type.lifting() || g.Seller != f.Seller {
			continue
		}
		e.req.Purpose, e.req.Subject, e.now = firstOf(g.Purposes), g.Subject, g.RecordedAt.Add(day)
		switch {
		case e.lifts(g, &f):
			return "", false
		case g.Seq <= before && (g.Type == DNCRemove) == (f.Type == DNCAdd) && affirmative(g) &&
			happened(g).Truncate(time.Second).After(happened(&f).Truncate(time.Second)):
			lost = true
		}
	}
	return HeldRenewal, lost
}

// Uncertain tells whether a consent, one of the facts of its person, no longer counts
// because rows of the ledger were lost after it; restored is the row that says so.
func Uncertain(f Fact, facts []Fact, restored int64) bool {
	return f.Type == Grant && f.Seq < restored &&
		!slices.ContainsFunc(facts, func(g Fact) bool { return agreedSince(&g, restored) })
}

// agreedSince tells whether a fact is a consent that was recorded after the row that says
// that rows were lost.
func agreedSince(f *Fact, restored int64) bool { return f.Type == Grant && f.Seq > restored }

// revoked tells whether an entry on the list belongs to a revocation that is told of
// instead.
func (f *Fact) revoked(facts []Fact) bool {
	return f.Type == DNCAdd && slices.ContainsFunc(facts, func(r Fact) bool { return r.Type == Revoke && sameAct(&r, f) })
}

func firstOf(purposes []Purpose) Purpose {
	if len(purposes) == 0 {
		return ""
	}
	return purposes[0]
}
