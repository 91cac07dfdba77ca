package consent

// What a resolve says that an unclear fact meant.
const (
	MeantRefusal   = "refusal"
	MeantNoRefusal = "no_refusal"
)

// complete adds to facts the rows that belong to them, so that no route can forget one: a
// revocation of all automated calls puts the number onto the seller's own do-not-call
// list as well (47 CFR 64.1200(d)), and an unclear fact that turns out to be a refusal
// becomes one. Places says where in all each of the facts is.
func complete(facts []Fact) (all []Fact, places []int) {
	all, places = make([]Fact, 0, len(facts)+1), make([]int, 0, len(facts))
	for i, f := range facts {
		places = append(places, len(all))
		all = append(all, f)
		if f.Type == Resolve && f.Result == MeantRefusal {
			f = f.other(Revoke)
			f.Scope = AllAutomated
			all = append(all, f)
		}
		if f.revokesAll() && (i+1 == len(facts) || !facts[i+1].lists(&f)) && (i == 0 || !facts[i-1].lists(&f)) {
			add := f.other(DNCAdd)
			if f.Scope == ScopeAffiliate || f.Scope == ScopePlatform {
				add.Scope = f.Scope
			}
			all = append(all, add)
		}
	}
	return all, places
}

// revokesAll tells whether a fact revokes consent to all automated calls.
func (f *Fact) revokesAll() bool {
	return f.Type == Revoke && f.Scope != ScopeCategory && f.Scope != ScopePurpose
}

// lists tells whether a fact is the entry on the list that belongs to a revocation.
func (f *Fact) lists(revocation *Fact) bool {
	return f.Type == DNCAdd && f.Number == revocation.Number && f.Seller == revocation.Seller &&
		f.OccurredAt.Equal(revocation.OccurredAt) && f.Scope != ScopePurpose && f.Scope != ScopeCategory
}

// other is a fact of another type that tells of the same act.
func (f *Fact) other(t Type) Fact {
	return Fact{Type: t, Number: f.Number, Seller: f.Seller, OccurredAt: f.OccurredAt, OccurredOn: f.OccurredOn,
		Source: f.Source, Actor: f.Actor, Via: f.Via, By: f.By,
		CallID: f.CallID, PermitID: f.PermitID, Agent: f.Agent, From: f.From, Attestation: f.Attestation}
}
