package postgres_test

import (
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
