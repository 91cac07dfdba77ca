package consent

import (
	"cmp"
	"context"

	"github.com/patchcord/patchcord/phone"
)

// CheckNamed holds facts that name a row (renews) to what the ledger knows of it: it is
// about the same person, was said to the same seller or to somebody for whom that one
// has to answer, and is a refusal or, for a resolve, unclear. Sellers gives a seller by
// its name. The problems are those of each fact, in their order, nil for a good one; an
// error is a *[LedgerError].
func (g *Gate) CheckNamed(ctx context.Context, facts []Fact, sellers func(name string) Seller) ([]FieldErrors, error) {
	problems := make([]FieldErrors, len(facts))
	var numbers []phone.Number
	for _, f := range facts {
		if f.Renews != 0 {
			numbers = append(numbers, f.Number)
		}
	}
	if numbers == nil {
		return problems, nil
	}
	snapshots, err := g.Ledger.Snapshot(ctx, numbers...)
	if err != nil {
		return nil, &LedgerError{err}
	}
	for i := range facts {
		if facts[i].Renews == 0 {
			continue
		}
		named(&problems[i], &facts[i], sellers(facts[i].Seller), snapshots[0].Facts)
		snapshots = snapshots[1:]
	}
	for i := range facts { // one act of one person lifts nobody else's refusal
		for j := range i {
			if facts[i].borrows(&facts[j]) {
				problems[i].add("evidence.text",
					"was also recorded for another person: want what this person did, with their number in it")
			}
		}
	}
	return problems, nil
}

func named(e *FieldErrors, f *Fact, seller Seller, known []Fact) {
	var row *Fact
	digest, ok := f.Evidence.Digest()
	for i := range known {
		k := &known[i]
		if k.Seq == f.Renews {
			row = k
		}
		if d, has := k.Evidence.Digest(); ok && has && d == digest && f.ByOperator() {
			e.add("evidence.text", "was already recorded, in row %d: a renewal requires a new act of the person", k.Seq)
			ok = false // once is enough
		}
	}
	switch {
	case row == nil:
		e.add("renews", "is not a row about this number")
	case f.Type == Resolve && row.Type != OptOutUnclear:
		e.add("renews", "row %d is a %s, not an unclear event", row.Seq, row.Type)
	case f.Type.lifting() && !row.Type.refusal():
		e.add("renews", "row %d is a %s, not an opt-out", row.Seq, row.Type)
	case !bindsSeller(row, &seller):
		e.add("renews", "row %d is an opt-out from another seller", row.Seq)
	}
}

// borrows tells whether a renewal rests on what is another person's evidence, too.
func (f *Fact) borrows(other *Fact) bool {
	if f.Number == other.Number || !f.ByOperator() && !other.ByOperator() {
		return false
	}
	a, ok := f.Evidence.Digest()
	b, also := other.Evidence.Digest()
	return ok && also && a == b && !f.Evidence.NamesNumber(f.Number)
}

// renewal looks at the fields of a fact that names a row.
func (e *FieldErrors) renewal(f Fact) {
	e.word("by", f.By, false)
	e.text("reason", f.Reason, maxLine)
	if f.Renews < 0 {
		e.add("renews", "must be the seq of a row")
	}
	operator := f.Via == ViaAPI || f.Via == ViaCLI
	switch {
	case f.Type == Resolve:
		e.oneOf("result", f.Result, []string{MeantRefusal, MeantNoRefusal})
		if f.Renews == 0 {
			e.add("renews", "is required: the seq of the unclear row to resolve")
		}
		if !operator && f.Via != ViaSMS && f.Via != ViaLink && f.Via != ViaCall {
			e.add("renews", "events from this route (%s) can't resolve unclear rows", cmp.Or(f.Via, "unknown"))
		}
	case f.Renews == 0 || !f.Type.lifting():
		return
	case !operator && f.Via != ViaSMS && f.Via != ViaLink:
		e.add("renews", "events from this route (%s) can't lift an opt-out", cmp.Or(f.Via, "unknown"))
		return
	}
	if operator && !hasWords(f.By) {
		e.add("by", "is required: who records this")
	}
	if operator && !hasWords(f.Reason) {
		e.add("reason", "is required: how the person asked, or what they meant")
	}
	if _, ok := f.Evidence.Digest(); f.ByOperator() && f.Evidence != nil && !ok {
		e.add("evidence.text", "contains only a time: want what the person did or said")
	}
}
