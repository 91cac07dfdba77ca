package consent

import (
	"context"
	"errors"
	"slices"
	"testing"
)

func TestARevocationIsOnTheListToo(t *testing.T) {
	t.Parallel()
	scoped := func(scope string) Fact { return revocation(func(f *Fact) { f.Scope = scope }) }
	listed := fact(Fact{Type: DNCAdd, Source: "phone", OccurredAt: revocation().OccurredAt})
	resolved := func(result string) Fact {
		return fact(Fact{Type: Resolve, Renews: 1, Result: result, Source: "cli", By: "Ana", Reason: "asked them"})
	}
	for _, x := range []struct {
		name  string
		facts []Fact
		want  []Type
	}{
		{"a revocation", []Fact{revocation()}, []Type{Revoke, DNCAdd}},
		{"one without a scope", []Fact{scoped("")}, []Type{Revoke, DNCAdd}},
		{"one of the whole platform", []Fact{scoped(ScopePlatform)}, []Type{Revoke, DNCAdd}},
		{"one of a purpose", []Fact{scoped(ScopePurpose)}, []Type{Revoke}},
		{"one of a subject", []Fact{scoped(ScopeCategory)}, []Type{Revoke}},
		{"one that brings its entry", []Fact{revocation(), listed}, []Type{Revoke, DNCAdd}},
		{"one that comes behind its entry", []Fact{listed, revocation()}, []Type{DNCAdd, Revoke}},
		{"one beside another person's entry", []Fact{revocation(), {Type: DNCAdd, Number: number("+12125552672"),
			Seller: river.Name, OccurredAt: listed.OccurredAt}}, []Type{Revoke, DNCAdd, DNCAdd}},
		{"several, and something else", []Fact{revocation(), granted(), revocation()},
			[]Type{Revoke, DNCAdd, Grant, Revoke, DNCAdd}},
		{"what was unclear, and was a refusal", []Fact{resolved(MeantRefusal)}, []Type{Resolve, Revoke, DNCAdd}},
		{"what was unclear, and was none", []Fact{resolved(MeantNoRefusal)}, []Type{Resolve}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			m := &memory{}
			g := &Gate{Ledger: m, Policy: strict()}
			receipts, err := g.Record(context.Background(), x.facts...)
			if err != nil {
				t.Fatal(err)
			}
			var got []Type
			for _, f := range m.facts {
				got = append(got, f.Type)
			}
			if !slices.Equal(got, x.want) {
				t.Errorf("the ledger has %v, want %v", got, x.want)
			}
			for i, r := range receipts {
				if m.facts[r.Seq-1].Type != x.facts[i].Type {
					t.Errorf("the receipt of fact %d is that of a %s", i, m.facts[r.Seq-1].Type)
				}
			}
			if len(receipts) != len(x.facts) {
				t.Errorf("%d receipts for %d facts", len(receipts), len(x.facts))
			}
		})
	}
}

func TestARevocationInTheSpoolIsOnTheListToo(t *testing.T) {
	t.Parallel()
	spool, err := OpenSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	g := &Gate{Ledger: &memory{away: errors.New("away")}, Policy: strict(), Spool: spool}
	if spooled, err := g.RecordDurably(context.Background(), revocation()); !spooled || err != nil {
		t.Fatal(spooled, err)
	}
	if got := spool.Of(dana); len(got) != 2 || got[1].Type != DNCAdd {
		t.Errorf("the spool has %+v", got)
	}
}

// What one act wrote in several rows is lifted by naming one of them.
func TestOneRenewalLiftsBothRowsOfAnAct(t *testing.T) {
	t.Parallel()
	for _, named := range []int64{4, 5} {
		m := &memory{}
		g := &Gate{Ledger: m, Policy: halfDecider{}}
		ctx := context.Background()
		for _, facts := range [][]Fact{cleared(), {revocation()}, {after(renewing(named))}} {
			if _, err := g.Record(ctx, facts...); err != nil {
				t.Fatal(err)
			}
		}
		d, err := g.Check(ctx, call())
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range []string{"revoked", "dnc.internal", "consent.missing"} {
			if r := result(t, d[0], rule); r.Status != Pass {
				t.Errorf("row %d is named: %s: %s: %s", named, rule, r.Status, r.Reason)
			}
		}
	}
}
