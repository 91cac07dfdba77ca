package consent

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// lookedAt is a ledger that can only be looked at.
type lookedAt struct {
	Ledger
	s   Snapshot
	err error
}

func (l lookedAt) Snapshot(context.Context, ...phone.Number) ([]Snapshot, error) {
	return []Snapshot{l.s}, l.err
}

// A call at a time to come is decided as it will be then, with what is about to be recorded.
func TestForesee(t *testing.T) {
	policy, err := LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	tomorrow := noon.Add(24 * time.Hour)
	for _, x := range []struct {
		name  string
		facts []Fact
		more  []Fact
		at    time.Time
		want  Outcome
	}{
		{"cleared", cleared(), nil, tomorrow, Allow},
		{"a grant to come", cleared()[1:], cleared()[:1], tomorrow, Allow},
		{"no grant", cleared()[1:], nil, tomorrow, Deny},
		{"at night", cleared(), nil, tomorrow.Add(12 * time.Hour), Defer},
		{"with a revocation", cleared(), []Fact{fact(Fact{Type: Revoke, Source: "phone"})}, tomorrow, Deny},
		{"when what was asked has grown old", cleared(), nil, noon.Add(33 * 24 * time.Hour), Hold},
	} {
		t.Run(x.name, func(t *testing.T) {
			g := &Gate{Ledger: lookedAt{s: ledgerOf(x.facts...)}, Policy: policy, Now: func() time.Time { return noon }}
			d, err := g.DecideAt(t.Context(), call(), x.at, x.more...)
			if err != nil || d.Outcome != x.want {
				t.Errorf("%v, %v: want %s; %+v", d.Outcome, err, x.want, d.Failing())
			}
		})
	}
	g := &Gate{Ledger: lookedAt{s: ledgerOf(), err: errors.New("away")}, Policy: policy}
	var away *LedgerError
	if _, err := g.DecideAt(t.Context(), call(), tomorrow); !errors.As(err, &away) {
		t.Errorf("without a ledger: %v", err)
	}
}
