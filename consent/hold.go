package consent

import "slices"

// Holds is the legal holds among a person's facts that nobody has released, the oldest
// first. While there is one, nothing of the person is erased.
func Holds(facts []Fact) (held []Fact) {
	for _, f := range facts {
		released := func(r Fact) bool { return r.Type == HoldReleased && r.Renews == f.Seq }
		if f.Type == LegalHold && !slices.ContainsFunc(facts, released) {
			held = append(held, f)
		}
	}
	return held
}

// HeldError says that a legal hold keeps a person's data from being erased.
type HeldError struct{ Holds []Fact }

func (e *HeldError) Error() string { return "consent: a legal hold prevents the erasure" }
