package postgres_test

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// Two instances, one that clears calls and one that hears a refusal at the same instant,
// of numbers with a history and without: no permit has a place behind the refusal.
func TestARefusalAtTheInstantOfAPermit(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	clearing, hearing := openLedger(t, db), openLedger(t, db)
	const people = 24
	for i := range people / 2 { // the others have no history
		record(t, clearing, grant(person(i)))
	}
	var wg sync.WaitGroup
	for i := range people {
		for range 3 {
			wg.Go(func() { permit(t, clearing, i) })
		}
		wg.Go(func() {
			if _, err := (&consent.Gate{Ledger: hearing}).Record(t.Context(), revoke(person(i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for i := range people {
		permit(t, clearing, i)
		facts := look(t, clearing, person(i)).Facts
		no := slices.IndexFunc(facts, func(f consent.Fact) bool { return f.Type == consent.Revoke })
		if no < 0 || no+1 >= len(facts) || facts[no+1].Type != consent.DNCAdd || facts[no+1].Seq != facts[no].Seq+1 {
			t.Fatalf("person %d: the refusal is not whole: %+v", i, facts)
		}
		if slices.ContainsFunc(facts[no:], func(f consent.Fact) bool { return f.Type == consent.Permitted }) {
			t.Errorf("person %d was permitted after the refusal in row %d", i, facts[no].Seq)
		}
	}
}

// permit mints one for a person unless something stops the call.
func permit(t *testing.T, l *postgres.Ledger, i int) {
	req := consent.Request{To: person(i), Seller: consent.Seller{Name: "riverbend"}, Purpose: consent.Informational}
	_, err := l.Transact(t.Context(), req.To, func(s consent.Snapshot) []consent.Fact {
		if slices.ContainsFunc(s.Facts, func(f consent.Fact) bool { return consent.Stops(f, req) }) {
			return nil
		}
		return []consent.Fact{{Type: consent.Permitted, Number: req.To, Seller: req.Seller.Name, PermitID: "p", PermitStatus: consent.PermitMinted, Source: "gate"}}
	})
	if err != nil {
		t.Error(err)
	}
}

// Whom an earlier version called again, since a consent came after their refusal that does
// not name it, is refused again, and listed for somebody to ask.
func TestRenewalsOfTheVersionBefore(t *testing.T) {
	t.Parallel()
	l := openBefore(t, before(t), beforeConfig(t))
	facts, next, err := l.Unclear(t.Context(), consent.HeldRenewal, 0)
	if err != nil || next != 0 || len(facts) != 2 || facts[0].Type != consent.Revoke || facts[0].Number != subscribed(t, 2) ||
		facts[1].Type != consent.DNCAdd || facts[1].Number != subscribed(t, 3) {
		t.Fatalf("%+v, %d, %v", facts, next, err)
	}
	policy, err := consent.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	gate := &consent.Gate{Ledger: l, Policy: policy}
	for _, f := range facts {
		decisions, err := gate.Check(t.Context(), consent.Request{To: f.Number, Seller: consent.Seller{Name: f.Seller}, Purpose: consent.Informational})
		if err != nil || decisions[0].Outcome != consent.Deny {
			t.Errorf("row %d: %+v, %v", f.Seq, decisions, err)
		}
	}
	renewed := grant(subscribed(t, 2))
	renewed.OccurredAt, renewed.Renews, renewed.Via, renewed.By, renewed.Reason = time.Now(), facts[0].Seq, consent.ViaAPI, "Ana", "rang us"
	for { // until the evidence of earlier rows is read
		if _, err = l.Record(t.Context(), renewed); err == nil {
			break
		}
		runtime.Gosched()
	}
	if facts, _, err = l.Unclear(t.Context(), consent.HeldRenewal, 0); err != nil || len(facts) != 1 {
		t.Errorf("after a renewal: %+v, %v", facts, err)
	}
}
