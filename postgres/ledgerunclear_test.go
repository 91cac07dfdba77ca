package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func unclear(n phone.Number) consent.Fact {
	return consent.Fact{Type: consent.OptOutUnclear, Number: n, Seller: "riverbend", OccurredAt: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Source: "sms", Via: consent.ViaSMS, Words: "not now"}
}

// Ten thousand unclear texts are listed page by page, each quickly, without those that
// were resolved.
func TestTenThousandUnclear(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("it only computes")
	}
	l := openLedger(t, postgrestest.New(t))
	const people = 10_000
	for i := 0; i < people; i += 500 {
		var facts []consent.Fact
		for j := range 500 {
			facts = append(facts, unclear(person(i+j)))
		}
		record(t, l, facts...)
	}
	record(t, l, consent.Fact{Type: consent.Resolve, Number: person(0), Seller: "riverbend", Renews: 1, Result: consent.MeantNoRefusal, Via: consent.ViaCLI, By: "Ana", Reason: "asked",
		OccurredAt: time.Now()})
	seen, took := map[int64]bool{}, []time.Duration(nil)
	for after := int64(0); ; {
		begun := time.Now()
		facts, next, err := l.Unclear(t.Context(), consent.HeldUnclear, after)
		if err != nil {
			t.Fatal(err)
		}
		took = append(took, time.Since(begun))
		for _, f := range facts {
			if seen[f.Seq] || f.Words != "not now" || f.Number.IsZero() {
				t.Fatalf("row %d is listed as %+v", f.Seq, f)
			}
			seen[f.Seq] = true
		}
		if after = next; next == 0 {
			break
		}
	}
	if len(seen) != people-1 || seen[1] {
		t.Errorf("%d are listed, want %d", len(seen), people-1)
	}
	slices.Sort(took)
	t.Logf("%d pages, the slowest took %s", len(took), took[len(took)-1])
	if usual := took[len(took)/2]; usual > time.Second { // a busy machine makes single ones slow
		t.Errorf("a page takes %s", usual)
	}
	if facts, next, err := l.Unclear(t.Context(), consent.HeldRenewal, 0); err != nil || len(facts) != 0 || next != 0 {
		t.Errorf("renewals of an earlier version: %v, %d, %v", facts, next, err)
	}
}
