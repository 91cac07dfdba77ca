package consent

import "testing"

func TestWhatStopsACall(t *testing.T) {
	t.Parallel()
	group := func(r *Request) {
		r.Seller.Group, r.Seller.Names = "riverbend-group", []string{"riverbend", "lakeside"}
	}
	of := func(seller, scope string, with ...func(*Fact)) Fact {
		return fact(Fact{Type: Revoke, Scope: scope}, append([]func(*Fact){func(f *Fact) { f.Seller = seller }}, with...)...)
	}
	about := func(subject string) func(*Fact) { return func(f *Fact) { f.Subject = subject } }
	forPurpose := func(p Purpose) func(*Fact) { return func(f *Fact) { f.Purposes = []Purpose{p} } }
	for _, x := range []struct {
		name string
		f    Fact
		req  Request
		want bool
	}{
		{"a refusal of this seller", of("riverbend", AllAutomated), call(), true},
		{"one without a scope", of("riverbend", ""), call(), true},
		{"one of a scope that nobody knows", of("riverbend", "everything"), call(), true},
		{"one of another seller", of("other", AllAutomated), call(), false},
		{"one of a seller of the same group", of("lakeside", AllAutomated), call(group), true},
		{"one of no seller", of("", AllAutomated), call(), true},
		{"another's, of the whole platform", of("other", ScopePlatform), call(group), true},
		{"another's, of its group, where this one's is not known", of("other", ScopeAffiliate), call(), true},
		{"another's, of its group, where this one is of another", of("other", ScopeAffiliate), call(group), false},
		{"its group's, said to another of it", of("lakeside", ScopeAffiliate), call(group), true},
		{"of this purpose", of("riverbend", ScopePurpose, forPurpose(Informational)), call(), true},
		{"of another purpose", of("riverbend", ScopePurpose, forPurpose(Telemarketing)), call(), false},
		{"of sales calls, and an offer in the call", of("riverbend", ScopePurpose, forPurpose(Telemarketing)),
			call(func(r *Request) { r.Marketing = true }), true},
		{"of a purpose, said to one of the group", of("lakeside", ScopePurpose, forPurpose(Informational)), call(group),
			true},
		{"of a purpose, said to another seller", of("other", ScopePurpose, forPurpose(Informational)), call(), false},
		{"of this subject", of("riverbend", ScopeCategory, about("appointment")), call(), true},
		{"of another subject", of("riverbend", ScopeCategory, about("recall")), call(), false},
		{"of a subject, and a call about none", of("riverbend", ScopeCategory, about("recall")),
			call(func(r *Request) { r.Subject = "" }), true},
		{"was also recorded for another person: want what this person did, with their number in it", of("riverbend", AllAutomated, func(f *Fact) { f.Number = number("+12125552672") }), call(),
			false},
		{"on the list", fact(Fact{Type: DNCAdd}), call(), true},
		{"on the list, for another purpose",
			fact(Fact{Type: DNCAdd, Scope: ScopePurpose, Purposes: []Purpose{Telemarketing}}), call(), false},
		{"said in a call", fact(Fact{Type: OptOutInCall, Trigger: "key"}), call(), true},
		{"what may be a refusal", fact(Fact{Type: OptOutUnclear}), call(), true},
		{"what may be a refusal of another seller", fact(Fact{Type: OptOutUnclear}, func(f *Fact) { f.Seller = "other" }),
			call(), false},
		{"another holder of the number, whoever asked", fact(Fact{Type: NumberFact, Reassigned: Yes},
			func(f *Fact) { f.Seller = "other" }), call(), true},
		{"a wrong number, as somebody said", fact(Fact{Type: NumberFact, Reassigned: Suspected}), call(), true},
		{"the same holder", fact(Fact{Type: NumberFact, Reassigned: No}), call(), false},
		{"a consent", granted(), call(), false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			if got := Stops(x.f, x.req); got != x.want {
				t.Errorf("stops: %v, want %v", got, x.want)
			}
		})
	}
}

func TestWhatEndsALiveCall(t *testing.T) {
	t.Parallel()
	here := func(f *Fact) { f.CallID = "call_1" }
	for _, x := range []struct {
		name              string
		f                 Fact
		inbound, outbound bool
	}{
		{"a number on a list", fact(Fact{Type: DNCAdd, Source: "import"}), false, true},
		{"a refusal by text", fact(Fact{Type: Revoke, Source: "sms"}), false, true},
		{"stop, said on this very call", fact(Fact{Type: OptOutInCall, Trigger: "speech"}, here), true, true},
		{"stop, said on another call", fact(Fact{Type: OptOutInCall, Trigger: "speech"},
			func(f *Fact) { f.CallID = "call_2" }), false, true},
		{"stop, said on no call that is named", fact(Fact{Type: OptOutInCall, Trigger: "speech"}), false, true},
		{"another holder of the number", fact(Fact{Type: NumberFact, Reassigned: Yes}), false, true},
		{"what may be a refusal", fact(Fact{Type: OptOutUnclear}, here), false, false},
		{"a consent", granted(), false, false},
	} {
		if got := EndsLive(x.f, call(), true); got != x.inbound {
			t.Errorf("%s: ends a call to us: %v, want %v", x.name, got, x.inbound)
		}
		if got := EndsLive(x.f, call(), false); got != x.outbound {
			t.Errorf("%s: ends a call of ours: %v, want %v", x.name, got, x.outbound)
		}
	}
}
