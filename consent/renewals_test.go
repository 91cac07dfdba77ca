package consent

import "testing"

// START by text lifts what was refused, and gives again a consent of whoever holds the
// number now: not what somebody agreed to who held it before.
func TestWhatSTARTGivesAgain(t *testing.T) {
	t.Parallel()
	wrong := fact(Fact{Type: NumberFact, Source: "sms", Reassigned: Suspected}, at(noon.Add(-2*day)))
	listed := fact(Fact{Type: DNCAdd, Source: "sms"}, at(noon.Add(-2*day)))
	for _, x := range []struct {
		name  string
		facts []Fact
		want  []Type
	}{
		{"a consent and a stop", []Fact{granted(), revocation()}, []Type{DNCRemove, Grant}},
		{"a stop of somebody who never agreed", []Fact{revocation()}, []Type{DNCRemove}},
		{"nothing that was refused", []Fact{granted()}, nil},
		{"a consent of before somebody else had the number", []Fact{granted(), wrong, listed}, []Type{DNCRemove}},
		{"one of after it", []Fact{granted(), wrong, listed, after(), revocation(at(noon))},
			[]Type{DNCRemove, DNCRemove, Grant}},
		{"a consent that a file says was given", []Fact{granted(via(ViaImport)), revocation()}, []Type{DNCRemove}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := Renewals(ledgerOf(x.facts...).Facts, river, fact(Fact{Via: ViaSMS, Source: "sms"}))
			if len(got) != len(x.want) {
				t.Fatalf("%d facts, want %v", len(got), x.want)
			}
			for i, f := range got {
				if f.Type != x.want[i] {
					t.Errorf("fact %d is a %s, want %s", i, f.Type, x.want[i])
				}
			}
		})
	}
}

// What does not resolve an unclear row for the gate does not keep the person from answering.
func TestWhatIsUnresolved(t *testing.T) {
	t.Parallel()
	unclear := fact(Fact{Type: OptOutUnclear, Source: "sms", Via: ViaSMS})
	by := func(v Via) Fact {
		return fact(Fact{Type: Resolve, Renews: 1, Result: MeantNoRefusal, By: "Ana", Reason: "asked"}, via(v))
	}
	for v, want := range map[Via]int{ViaImport: 1, "": 1, ViaCall: 1, ViaAPI: 0, ViaSMS: 0} {
		if got := Unresolved(ledgerOf(unclear, by(v)).Facts, river); len(got) != want {
			t.Errorf("resolved by %q: %d are left, want %d", v, len(got), want)
		}
	}
}
