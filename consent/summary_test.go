package consent

import (
	"testing"
	"time"
)

func TestSummary(t *testing.T) {
	t.Parallel()
	other := func(f *Fact) { f.Seller = "other" }
	listed := fact(Fact{Type: DNCAdd}, ago(day))
	for _, x := range []struct {
		name   string
		facts  []Fact
		seller string
		want   State
	}{
		{"a number of which nothing is known", nil, "", StateNone},
		{"a number that was only looked up", []Fact{lookedUp(), scrubbed()}, "", StateNone},
		{"a person who consented", cleared(), "", StateGranted},
		{"a person who consented to another seller", []Fact{granted(other)}, river.Name, StateNone},
		{"a person who consented to texts alone", []Fact{granted(func(f *Fact) { f.Channels = []string{"sms"} })}, "",
			StateNone},
		{"a person who consented to sales calls alone", []Fact{granted(inWriting)}, "", StateGranted},
		{"a person who said stop", and(cleared(), revocation()), "", StateRevoked},
		{"a person who said stop in a call", and(cleared(), fact(Fact{Type: OptOutInCall})), "", StateRevoked},
		{"a person who said stop, and nothing before", []Fact{revocation()}, "", StateRevoked},
		{"a person who said stop, and was imported since", []Fact{revocation(), after(source("import"))}, "", StateRevoked},
		{"a person who said stop, and agreed again without a word of it", []Fact{revocation(), after()}, "", StateRevoked},
		{"a person who said stop, and renewed", []Fact{revocation(), after(renewing(1))}, "", StateGranted},
		{"a person on the seller's own list who renewed", []Fact{listed, after(renewing(1))}, "", StateGranted},
		{"a person who said stop to sales calls, and consented to reminders",
			and(cleared(), revocation(func(f *Fact) { f.Scope, f.Purposes = ScopePurpose, []Purpose{Telemarketing} })), "",
			StateGranted},
		{"a person on the seller's own list", and(cleared(), listed), "", StateDoNotCall},
		{"a number that was reassigned", []Fact{granted(), asked(Yes, given)}, "", StateReassigned},
		{"the worst of two sellers", []Fact{granted(other), revocation()}, "", StateRevoked},
		{"the better of two sellers, when it is asked for", []Fact{granted(other), revocation()}, "other", StateGranted},
		{"a stop for whoever calls through this bridge",
			[]Fact{granted(other), revocation(func(f *Fact) { f.Scope = ScopePlatform })}, "other", StateRevoked},
		{"a stop that names no seller", []Fact{revocation(func(f *Fact) { f.Seller = "" })}, "", StateRevoked},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			got := Summary(Seller{Name: x.seller}, ledgerOf(x.facts...).Facts, noon.Add(time.Minute))
			if x.seller == "" {
				got = WorstSummary(nil, ledgerOf(x.facts...).Facts, noon.Add(time.Minute))
			}
			if got != x.want {
				t.Errorf("%s, want %s", got, x.want)
			}
		})
	}
}
