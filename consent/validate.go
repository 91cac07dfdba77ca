package consent

import (
	"slices"
	"time"
)

// Told is the types of facts that people, lists and operators may tell the ledger.
var Told = []Type{Grant, Revoke, DNCAdd, DNCRemove, Scrub, NumberFact, Preference, OptOutUnclear, Resolve}

// Bounds on what a fact may hold, in bytes.
const (
	maxWord = 100  // an identifier
	maxLine = 2000 // a note, a signature
	maxText = 20000
	maxList = 16 // entries
)

// firstDate is before all that a fact can tell of: the TCPA is of 1991.
var firstDate = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// lateRefusal is how far in the future a refusal may be dated. A sender with a
// wrong clock or zone must not be turned away; the refusal holds from when it is
// recorded.
const lateRefusal = 24 * time.Hour

// WithDefaults fills in what whoever tells of a fact may leave out: the scope of a
// refusal, and its time, which is then now.
func (f Fact) WithDefaults(now time.Time) Fact {
	if f.Type == Revoke && f.Scope == "" {
		f.Scope = AllAutomated
	}
	if f.OccurredAt.IsZero() && f.Type.Refuses() {
		f.OccurredAt = now.UTC()
	}
	return f
}

// Refuses tells whether a fact of a type keeps calls from a person: a refusal, or what may
// be one.
func (t Type) Refuses() bool { return t == Revoke || t == DNCAdd || t == OptOutUnclear }

// Validate holds a fact that somebody tells the ledger to what its type may and
// must say; call [Fact.WithDefaults] first. The error is a [FieldErrors] with every
// field that is wrong.
func (f Fact) Validate(now time.Time) error {
	var e FieldErrors
	if !slices.Contains(Told, f.Type) {
		e.add("type", "must be one of %s", listOf(Told))
		return e // what else it may say depends on it
	}
	if f.Number.IsZero() {
		e.add("number", "is required, in E.164 form, such as +12125550142")
	} else if why := Unreachable(f.Number); why != "" && needsReach(f.Type) {
		e.add("number", "can't be called: %s", why)
	}
	e.word("seller", f.Seller, f.Type != NumberFact)
	e.occurred(f, now)
	e.word("source", f.Source, true)
	e.word("actor", f.Actor, false)
	e.text("note", f.Note, maxLine)
	e.strangers(f)
	e.renewal(f)
	switch f.Type {
	case Grant:
		e.grant(f)
	case Revoke, DNCAdd:
		e.refusal(f)
	case DNCRemove:
		e.evidence(f.Evidence, true)
	case Scrub:
		e.scrub(f, now)
	case NumberFact:
		e.numberFact(f, now)
	case Preference:
		e.preference(f)
	case OptOutUnclear:
		e.text("words", f.Words, maxLine)
	}
	return e.err()
}

// occurred looks at the time that a fact tells of.
func (e *FieldErrors) occurred(f Fact, now time.Time) {
	ahead := clockSkew
	if f.Type.Refuses() {
		ahead = lateRefusal
	}
	first, _ := f.span()
	noon, err := NoonOf(f.OccurredOn)
	switch {
	case f.OccurredAt.IsZero():
		e.add("occurred_at", "is required")
	case f.OccurredOn != "" && (err != nil || !noon.Equal(f.OccurredAt)):
		e.add("occurred_at", "must be a time, or a date such as 2006-01-02")
	case f.OccurredAt.Before(firstDate):
		e.add("occurred_at", "is before %d", firstDate.Year())
	case first.Sub(now) > ahead:
		e.add("occurred_at", "is in the future")
	}
}
