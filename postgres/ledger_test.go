package postgres_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// ledgerConfig has keys that every test's ledgers share.
func ledgerConfig() postgres.LedgerConfig {
	return postgres.LedgerConfig{TokenKey: bytes.Repeat([]byte{1}, 32), WrapKey: bytes.Repeat([]byte{2}, 32), MACKey: bytes.Repeat([]byte{3}, 32), Build: "test"}
}

// macOf is a MAC as the ledger of these tests makes it: of a row, a person's count or
// an anchor.
func macOf(of string, numbers []int64, sums ...proof.Sum) []byte {
	h := hmac.New(sha256.New, ledgerConfig().MACKey)
	io.WriteString(h, "patchcord "+of+" 1\n")
	for _, n := range numbers {
		binary.Write(h, binary.BigEndian, n)
	}
	for _, s := range sums {
		h.Write(s[:])
	}
	return h.Sum(nil)
}

func openLedger(t testing.TB, db *postgres.DB) *postgres.Ledger {
	t.Helper()
	l, err := db.Ledger(t.Context(), ledgerConfig())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// person is a number that rings nowhere; the same i is the same person.
func person(i int) phone.Number {
	n, err := phone.Parse(fmt.Sprintf("+1415555%04d", i))
	if err != nil {
		panic(err)
	}
	return n
}

func grant(n phone.Number) consent.Fact {
	return consent.Fact{Type: consent.Grant, Number: n, Seller: "riverbend", OccurredAt: time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC), Source: "web_form", Actor: "api",
		Tier: consent.Express, Purposes: []consent.Purpose{consent.Informational}, Channels: []string{consent.VoiceAI},
		Evidence: &consent.Evidence{Method: "checkbox", Text: "I agree to be called by an artificial voice", IP: "192.0.2.7"}}
}

func revoke(n phone.Number) consent.Fact {
	return consent.Fact{Type: consent.Revoke, Number: n, Seller: "riverbend", OccurredAt: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC), Source: "phone", Actor: "api",
		Scope: consent.AllAutomated, Note: "was angry", Words: "stop calling me"}
}

func record(t testing.TB, l *postgres.Ledger, facts ...consent.Fact) []consent.Receipt {
	t.Helper()
	receipts, err := l.Record(t.Context(), facts...)
	if err != nil {
		t.Fatal(err)
	}
	return receipts
}

// recordMany records facts a hundred at a time, which take a busy machine less than a batch may take.
func recordMany(t testing.TB, l *postgres.Ledger, facts ...consent.Fact) {
	t.Helper()
	for some := range slices.Chunk(facts, 100) {
		record(t, l, some...)
	}
}

func look(t testing.TB, l *postgres.Ledger, n phone.Number) consent.Snapshot {
	t.Helper()
	list, err := l.Snapshot(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return list[0]
}

func TestWhatIsRecordedIsKnown(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	receipts := record(t, l, grant(person(1)), revoke(person(2)), revoke(person(1)))
	if len(receipts) != 3 || receipts[0].Seq != 1 || receipts[2].Seq != 3 || len(receipts[2].Hash) != 64 {
		t.Fatalf("the receipts are %+v", receipts)
	}
	s := look(t, l, person(1))
	if s.AsOf != 3 || s.Broken != "" || len(s.Facts) != 2 {
		t.Fatalf("the snapshot is %+v", s)
	}
	g, r := s.Facts[0], s.Facts[1]
	if g.Seq != 1 || g.Type != consent.Grant || g.Number != person(1) || g.Evidence == nil || g.Evidence.IP != "192.0.2.7" || g.Seller != "riverbend" || g.Purposes[0] != consent.Informational {
		t.Errorf("the grant came back as %+v", g)
	}
	if r.Seq != 3 || r.Hash != receipts[2].Hash || r.Scope != consent.AllAutomated || r.Words != "stop calling me" || r.RecordedAt.IsZero() {
		t.Errorf("the revocation came back as %+v", r)
	}
	if skew := s.ClockSkew.Abs(); skew > time.Second {
		t.Errorf("the clock skew on one machine is %v", skew)
	}
}

func TestSettleSeesWhatItsNeighboursWrote(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	for i := range 3 {
		_, err := l.Transact(context.Background(), person(1), func(s consent.Snapshot) []consent.Fact {
			if len(s.Facts) != i || s.AsOf != int64(2*i) {
				t.Errorf("decision %d sees %d facts as of %d", i, len(s.Facts), s.AsOf)
			}
			d := consent.Decision{Outcome: consent.Allow, Results: []consent.Result{{Rule: "revoked", Jurisdiction: "US", Status: consent.Pass, Reason: "nobody said no"}}, Duties: []consent.Result{}}
			return []consent.Fact{
				{Type: consent.Decided, Number: person(1), Seller: "riverbend", Decision: &d, Stage: consent.StageDial},
				{Type: consent.Permitted, Number: person(1), Seller: "riverbend", PermitID: "p", PermitStatus: consent.PermitMinted},
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	history, err := l.History(t.Context(), person(1))
	if err != nil || len(history) != 6 {
		t.Fatalf("the history has %d facts, %v", len(history), err)
	}
	if d := history[4].Decision; d == nil || d.Results[0].Reason != "nobody said no" || d.Seq != 5 {
		t.Errorf("the decision came back as %+v", d)
	}
}

// decision is one with so many results, as a policy gives them.
func decision(n phone.Number, results int) consent.Fact {
	d := consent.Decision{Outcome: consent.Deny, Duties: []consent.Result{}, Policy: "sha256:5c1f", EvaluatedAt: time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)}
	for i := range results {
		r := consent.Result{Rule: fmt.Sprintf("rule.number.%d", i), Jurisdiction: "US", Status: consent.Pass, Effect: consent.EffectBlock,
			Reason: fmt.Sprintf("what the rule number %d looked at is as it has to be for %s", i, n), Citation: fmt.Sprintf("47 CFR 64.1200(a)(%d)", i), Facts: []int64{1, 2}}
		if i == 7 {
			r.Rule, r.Status, r.Reason = "revoked", consent.Fail, "the person said: stop calling me"
		}
		d.Results = append(d.Results, r)
	}
	return consent.Fact{Type: consent.Decided, Number: n, Seller: "riverbend", OccurredAt: d.EvaluatedAt, Source: "gate", Actor: "gate", CallID: "call_1", Agent: "reminders",
		Purpose: consent.Informational, Subject: "appointment", Stage: consent.StageDial, Decision: &d}
}
