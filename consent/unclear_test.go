package consent

import "testing"

func TestWhatAwaitsAPerson(t *testing.T) {
	t.Parallel()
	unclear := fact(Fact{Type: OptOutUnclear, Source: "sms"})
	listed := fact(Fact{Type: DNCAdd, Source: "phone"}, ago(day))
	removed := fact(Fact{Type: DNCRemove, Source: "web_form", Evidence: evidence()})
	for _, x := range []struct {
		name   string
		facts  []Fact
		seq    int64
		before int64
		why    HeldFor
		want   bool
	}{
		{"can't resolve unclear rows", []Fact{unclear}, 1, 0, HeldUnclear, true},
		{"what was resolved", []Fact{unclear, fact(Fact{Type: Resolve, Via: ViaCLI, Renews: 1, Result: MeantNoRefusal,
			By: "Ana", Reason: "asked"})}, 1, 0, "", false},
		{"a refusal that an earlier version lifted", []Fact{revocation(), after()}, 1, 2, HeldRenewal, true},
		{"a refusal of this version, and a consent", []Fact{revocation(), after()}, 1, 0, "", false},
		{"a refusal that nothing lifted", []Fact{after(), revocation(at(noon))}, 2, 2, "", false},
		{"a refusal and an import", []Fact{revocation(), after(source("import"))}, 1, 2, "", false},
		{"one that was renewed since", []Fact{revocation(), after(), after(renewing(1))}, 1, 2, "", false},
		{"an entry that an earlier version took off", []Fact{listed, removed}, 1, 2, HeldRenewal, true},
		{"an entry, and a consent, which took nobody off", []Fact{listed, after()}, 1, 2, "", false},
		{"the entry of a revocation, which is told of", []Fact{said()[0], said()[1], removed, after()}, 2, 4, "", false},
		{"another seller's consent", []Fact{revocation(), after(func(f *Fact) { f.Seller = "other" })}, 1, 2, "", false},
	} {
		facts := ledgerOf(x.facts...).Facts
		if why, ok := Awaits(facts[x.seq-1], facts, x.before); ok != x.want || ok && why != x.why {
			t.Errorf("%s: %s, %v", x.name, why, ok)
		}
	}
}
