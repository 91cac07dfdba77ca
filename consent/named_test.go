package consent

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/phone"
)

func TestWhatARenewalNames(t *testing.T) {
	t.Parallel()
	sam := number("+12125552672")
	fresh := func(f *Fact) { f.Evidence.Text = "Called us on Tuesday and asked for reminders again." }
	seller := func(name string) func(*Fact) { return func(f *Fact) { f.Seller = name } }
	of := func(n phone.Number) func(*Fact) { return func(f *Fact) { f.Number = n } }
	unclear := fact(Fact{Type: OptOutUnclear, Source: "sms", Words: "not now"})
	m := &memory{}
	m.append([]Fact{granted(), revocation(), fact(Fact{Type: DNCAdd}), unclear, revocation(of(sam)),
		revocation(seller("other")), revocation(seller("lakeside")),
		revocation(seller("other"), func(f *Fact) { f.Scope = ScopePlatform })})
	sellers := func(name string) Seller {
		return Seller{Name: name, Names: map[string][]string{river.Name: {river.Name, "lakeside"}}[name], Group: "known"}
	}
	resolve := func(seq int64) Fact {
		return fact(Fact{Type: Resolve, Via: ViaAPI, Renews: seq, Result: MeantNoRefusal, By: "Ana", Reason: "asked"})
	}
	removal := func(seq int64) Fact { return fact(Fact{Type: DNCRemove, Evidence: evidence()}, renewing(seq), fresh) }
	for _, x := range []struct {
		name string
		fact Fact
		want string // the field, and a part of the problem; empty for none
	}{
		{"a revocation of this person's", granted(renewing(2), fresh), ""},
		{"an entry on the list", removal(3), ""},
		{"a refusal to a seller of the same group", granted(renewing(7), fresh), ""},
		{"another's refusal of the whole platform", granted(renewing(8), fresh), ""},
		{"nothing", granted(fresh), ""},
		{"another person's revocation", granted(renewing(5), fresh), "renews is not a row about this number"},
		{"another seller's revocation", granted(renewing(6), fresh), "renews row 6 is an opt-out from another seller"},
		{"a consent", granted(renewing(1), fresh), "renews row 1 is a grant, not an opt-out"},
		{"what is unclear, by a consent", granted(renewing(4), fresh), "renews row 4 is a optout_unclear, not an opt-out"},
		{"a row that is not there", granted(renewing(99), fresh), "renews is not a row"},
		{"a refusal, by the evidence of the consent before it", granted(renewing(2)),
			"evidence.text was already recorded, in row 1"},
		{"a refusal, by the same evidence with another date",
			granted(renewing(2), func(f *Fact) { f.Evidence.Text += " 2026-11-18T10:00:00Z" }),
			"evidence.text was already recorded"},
		{"what is unclear", resolve(4), ""},
		{"a refusal, as if it were unclear", resolve(2), "renews row 2 is a revoke"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			problems, err := (&Gate{Ledger: m}).CheckNamed(context.Background(), []Fact{x.fact}, sellers)
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, p := range problems[0] {
				said += p.Field + " " + p.Problem + "\n"
			}
			if x.want == "" && said != "" || !strings.Contains(said, x.want) {
				t.Errorf("%q, want %q", said, x.want)
			}
		})
	}
}

func TestOneEvidenceForSeveralPeople(t *testing.T) {
	t.Parallel()
	m := &memory{}
	sam := number("+12125552672")
	m.append([]Fact{revocation(), revocation(func(f *Fact) { f.Number = sam })})
	one := func(n phone.Number, seq int64, text string) Fact {
		return granted(renewing(seq), func(f *Fact) { f.Number, f.Evidence.Text = n, text })
	}
	river := func(name string) Seller { return Seller{Name: name} }
	g := &Gate{Ledger: m}
	for text, bad := range map[string]int{
		"They asked to be called again.": 1, "Dana at +12125552671 and Sam at +12125552672 asked.": 0,
	} {
		problems, err := g.CheckNamed(context.Background(), []Fact{one(dana, 1, text), one(sam, 2, text)}, river)
		if err != nil {
			t.Fatal(err)
		}
		if len(problems[0]) != 0 || len(problems[1]) != bad {
			t.Errorf("%q: %v", text, problems)
		}
	}
	m.set(errors.New("away"))
	if _, err := g.CheckNamed(context.Background(), []Fact{one(dana, 1, "x")}, river); err == nil {
		t.Error("a renewal was checked without a ledger")
	}
}
