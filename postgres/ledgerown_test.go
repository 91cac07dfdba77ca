package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestRowsAboutTheLedgerItselfHaveNoNumber(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	at := time.Now().UTC().Truncate(time.Microsecond)
	own := consent.Fact{Type: consent.Upgraded, OccurredAt: at, Why: "rows 1 to 0 are from before"}
	if _, err := l.Record(t.Context(), own, grant(person(1))); err != nil {
		t.Fatal(err)
	}
	facts, err := l.Own(t.Context(), consent.Upgraded, consent.Restored)
	if err != nil || len(facts) != 1 || facts[0].Why != own.Why || !facts[0].Number.IsZero() {
		t.Errorf("the ledger's own rows: %+v, %v", facts, err)
	}
	if _, err := l.Record(t.Context(), consent.Fact{Type: consent.Revoke, OccurredAt: at}); err == nil {
		t.Error("a revocation of nobody was recorded")
	}
}

// Who has a call under way is known, whether or not anybody has refused them.
func TestLiveSellers(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	l := openLedger(t, db)
	at := time.Now().UTC().Truncate(time.Microsecond)
	begin := func(id, seller string, started time.Time, outcome string) {
		receipts, err := l.Record(t.Context(), consent.Fact{Type: consent.Decided, Number: person(1), Seller: seller, OccurredAt: at, Decision: &consent.Decision{Outcome: consent.Allow}})
		if err != nil {
			t.Fatal(err)
		}
		c := calllog.Call{ID: id, Version: 1, Direction: calllog.Outbound, StartedAt: started, Outcome: outcome, DecisionSeq: &receipts[0].Seq}
		if err := db.Calls().Apply(t.Context(), []calllog.Change{{CallID: id, Call: &c}}); err != nil {
			t.Fatal(err)
		}
	}
	begin("call_1", "river", at, "")
	begin("call_2", "harbor", at, "busy")
	begin("call_3", "lake", at.Add(-25*time.Hour), "")
	begin("call_4", "river", at, "")
	if names, err := l.LiveSellers(t.Context()); err != nil || !slices.Equal(names, []string{"river"}) {
		t.Errorf("%q, %v", names, err)
	}
}

func TestStopSellers(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	of := func(f consent.Fact, seller string) consent.Fact {
		f.Seller = seller
		return f
	}
	if names, err := l.StopSellers(t.Context()); err != nil || len(names) != 0 {
		t.Errorf("of nobody: %v, %v", names, err)
	}
	record(t, l, revoke(person(1)), of(revoke(person(2)), "harbor"), of(revoke(person(3)), "river"), of(revoke(person(4)), ""), of(revoke(person(5)), "harbor"), of(grant(person(6)), "other"))
	if names, err := l.StopSellers(t.Context()); err != nil || !slices.Equal(names, []string{"", "harbor", "river", "riverbend"}) {
		t.Errorf("%q, %v", names, err)
	}
}
