package postgres_test

import (
	"slices"
	"testing"
	"time"

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
