package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// A decision is made again from the ledger alone, whatever happened since; not of
// somebody who was erased.
func TestADecisionIsReplayed(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	policy, err := consent.LoadPolicy(nil)
	if err != nil {
		t.Fatal(err)
	}
	g := &consent.Gate{Ledger: l, Policy: policy}
	seller := consent.Seller{Name: "riverbend", LegalName: "Riverbend Dental LLC", RegisteredName: "Riverbend Dental"}
	text, err := consent.PolicyText(policy)
	if err != nil {
		t.Fatal(err)
	}
	if err := g.KeepTexts(t.Context(), text, consent.SellerText(seller)); err != nil {
		t.Fatal(err)
	}
	record(t, l, grant(person(1)))
	req := consent.Request{To: person(1), Agent: "reminders", Seller: seller, Purpose: consent.Informational, Subject: "appointment"}
	var denied *consent.DeniedError
	if _, _, err := g.Clear(t.Context(), req); !errors.As(err, &denied) {
		t.Fatal(err)
	}
	record(t, l, revoke(person(1)))
	seq := denied.Decision.Seq
	r, err := l.Replay(t.Context(), seq)
	if err != nil || !r.Same || r.Recorded.Outcome != denied.Decision.Outcome || r.Seq != seq {
		t.Errorf("replayed: %v, %+v", err, r.Different)
	}
	var why *consent.ReplayError
	if _, err := l.Replay(t.Context(), 900); !errors.As(err, &why) {
		t.Errorf("a row that is not there: %v", err)
	}
	if _, err := l.Replay(t.Context(), seq-1); !errors.As(err, &why) {
		t.Errorf("a row that is no decision: %v", err)
	}
	if _, err := l.Erase(t.Context(), person(1), "asked"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Replay(t.Context(), seq); !errors.As(err, &why) {
		t.Errorf("of somebody erased: %v", err)
	}
}

// Texts are kept once each, whoever tries at the same time.
func TestTextsAreKeptOnce(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			g := &consent.Gate{Ledger: l}
			for range 2 {
				if err := g.KeepTexts(t.Context(), consent.OpeningText("Hello."), consent.OpeningText("Hello, this is Riverbend.")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	own, err := l.Own(t.Context(), consent.OpeningKept)
	if err != nil || len(own) != 2 || own[0].Note != "Hello." || own[0].OccurredAt.Before(time.Now().Add(-time.Hour)) {
		t.Errorf("kept: %+v, %v", own, err)
	}
	if _, err := l.Transact(t.Context(), phone.Number{}, func(consent.Snapshot) []consent.Fact { return []consent.Fact{{Type: consent.Revoke}} }); err == nil {
		t.Error("a refusal of nobody was recorded")
	}
}
