package consent

import "fmt"

// optoutUnclear holds calls to somebody who may have refused them, until a person, or
// they themselves, said what was meant. It can't be switched off.
func optoutUnclear(e *evaluation) []Result {
	v := federal("optout.unclear", EffectHold, "47 CFR 64.1200(a)(10)")
	var settled []*Fact
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type != OptOutUnclear || !stops(f, &e.req) {
			continue
		}
		r := resolved(f, e.s.Facts)
		if r == nil {
			results := v.fails(fmt.Sprintf("what the person said on %s may be an opt-out%s: not yet resolved", date(f),
				rowOf(f)), f)
			if f.Seq > 0 {
				results[0].Remedy = fmt.Sprintf("ask the person in writing, or read what they said, and resolve it: bridge "+
					"consent unclear resolve NUMBER --row %d --as refusal|no_refusal --reason … --by …", f.Seq)
			}
			return results
		}
		settled = append(settled, f, r)
	}
	if settled != nil {
		return v.passes("what the person said was reviewed and resolved", settled...)
	}
	return v.passes("nothing that the person said is unclear")
}

// resolved is the fact that says what an unclear one meant; nil if there is none. On a
// call it is the answer on that call, and else an operator's, or the person's own by a
// route that is theirs.
func resolved(unclear *Fact, facts []Fact) *Fact {
	for i := range facts {
		f := &facts[i]
		if f.Type != Resolve || unclear.Seq == 0 || f.Renews != unclear.Seq || f.Seq <= unclear.Seq ||
			f.Result != MeantRefusal && f.Result != MeantNoRefusal {
			continue
		}
		switch f.Via {
		case ViaSMS, ViaLink:
			return f
		case ViaAPI, ViaCLI:
			if f.By != "" && f.Reason != "" {
				return f
			}
		case ViaCall:
			if f.CallID != "" && f.CallID == unclear.CallID {
				return f
			}
		}
	}
	return nil
}
