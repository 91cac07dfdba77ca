package postgres_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestErasureKeepsTheRefusalAndNothingPersonal(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	move := consent.Fact{Type: consent.NumberFact, Number: person(1), Seller: "riverbend", LineType: "wireless", State: "CA", Zone: "America/Los_Angeles", Note: "moved"}
	record(t, l, grant(person(1)), move, decision(person(1), 10), revoke(person(1)), grant(person(2)))
	receipt, err := l.Erase(t.Context(), person(1), "request of 2026-11-20")
	if err != nil || receipt.Seq != 6 {
		t.Fatalf("%+v, %v", receipt, err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 6 {
		t.Errorf("the chain verifies as %+v", r)
	}

	s := look(t, l, person(1))
	if s.Broken != "" || len(s.Facts) != 4 {
		t.Fatalf("of an erased person this is known: %+v", s)
	}
	g, n, r, e := s.Facts[0], s.Facts[1], s.Facts[2], s.Facts[3]
	if g.Type != consent.Grant || g.Evidence != nil || g.Tier != consent.Express {
		t.Errorf("of the grant is left %+v", g)
	}
	if n.State != "" || n.Zone != "" || n.Note != "" || n.LineType != "wireless" {
		t.Errorf("of the number is left %+v", n)
	}
	if r.Type != consent.Revoke || r.Scope != consent.AllAutomated || r.Words != "" || r.OccurredAt.IsZero() || r.Number != person(1) {
		t.Errorf("of the revocation is left %+v", r)
	}
	if e.Type != consent.Erased || e.Why != "request of 2026-11-20" {
		t.Errorf("the erasure is %+v", e)
	}
	history, err := l.History(t.Context(), person(1))
	if err != nil || len(history) != 5 {
		t.Fatalf("%d facts, %v", len(history), err)
	}
	if d := history[2].Decision; d == nil || d.Outcome != consent.Deny || len(d.Results) != 1 || d.Results[0].Rule != "revoked" || d.Results[0].Reason != "" {
		t.Errorf("of the decision is left %+v", d)
	}

	// Nothing of it is anywhere in the database.
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, secret := range []string{person(1).E164()[1:], `"state":"CA"`, "Los_Angeles", "stop calling", "artificial voice", "192.0.2"} {
		var found int
		if err := conn.QueryRow(t.Context(), `select count(*) from consent_ledger where position(convert_to($1, 'UTF8') in body) > 0`, secret).Scan(&found); err != nil || found > 0 {
			t.Errorf("%q stands in %d bodies, %v", secret, found, err)
		}
	}
	var keys int
	if err := conn.QueryRow(t.Context(), `select count(*) from ledger_keys`).Scan(&keys); err != nil || keys != 1 {
		t.Errorf("%d data keys are left, %v", keys, err)
	}
}

// Whoever comes back has a new key; what was said before still holds.
func TestAnErasedPersonComesBack(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l, other := openLedger(t, postgrestest.Open(t, url)), openLedger(t, postgrestest.Open(t, url))
	record(t, other, revoke(person(1))) // its key stays in the other instance's memory
	if _, err := l.Erase(t.Context(), person(1), ""); err != nil {
		t.Fatal(err)
	}
	record(t, other, grant(person(1)))
	s := look(t, other, person(1))
	if s.Broken != "" || len(s.Facts) != 3 {
		t.Fatalf("the snapshot is %+v", s)
	}
	if s.Facts[0].Type != consent.Revoke || s.Facts[0].Words != "" {
		t.Errorf("of the revocation is known %+v", s.Facts[0])
	}
	if s.Facts[2].Evidence == nil || s.Facts[2].Evidence.Method != "checkbox" {
		t.Errorf("of the new grant is known %+v", s.Facts[2])
	}
	text := string(export(t, l, proof.ExportFilter{Number: person(1)}))
	if strings.Count(text, `"private":"{`) != 1 {
		t.Errorf("the export is %s", text)
	}
	if r := verify(t, l); !r.OK {
		t.Errorf("the chain verifies as %+v", r)
	}
}

// An erasure, and what is asked in the same moment, see each other in their turn.
func TestErasureInTheMidstOfABatch(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, revoke(person(1)))
	release := blocked(t, url)
	done := make(chan error, 4)
	go func() { _, err := l.Record(t.Context(), grant(person(5))); done <- err }()
	untilWaiting(t, url, 1)
	go func() { _, err := l.Record(t.Context(), grant(person(1))); done <- err }()
	go func() { _, err := l.Erase(t.Context(), person(1), ""); done <- err }()
	go func() {
		_, err := l.Transact(t.Context(), person(1), func(s consent.Snapshot) []consent.Fact {
			erased := false
			for i := len(s.Facts) - 1; i >= 0; i-- {
				erased = erased || s.Facts[i].Type == consent.Erased
				if erased && (s.Facts[i].Words != "" || s.Facts[i].Evidence != nil) {
					t.Errorf("after an erasure this is known: %+v", s.Facts[i])
				}
			}
			return []consent.Fact{decision(person(1), 1)}
		})
		done <- err
	}()
	release()
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if r := verify(t, l); !r.OK || r.Rows != 5 {
		t.Errorf("the chain verifies as %+v", r)
	}
	if _, err := l.History(t.Context(), person(1)); err != nil {
		t.Error(err)
	}
}

// To delete a person's data key is in the power of the role that serves; without a row
// that says so it takes evidence away, and is found out, also when a new key was made.
// An erasure that is recorded afterwards mends it.
func TestAnErasureThatNobodyRecordedIsFound(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)), grant(person(2)), decision(person(1), 10))
	if _, err := sqlConn(t, url).Exec(t.Context(), `delete from ledger_keys where token = (select token from consent_ledger where seq = 1)`); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time with a new key
		if r := verify(t, l); r.OK || !strings.Contains(r.Problem, "data key is missing") {
			t.Errorf("it verifies as %+v", r)
		}
		other := openLedger(t, postgrestest.Open(t, url)) // which has not verified
		if s := look(t, other, person(1)); !strings.Contains(s.Broken, "can't decrypt row 1") {
			t.Errorf("a decision is told %q", s.Broken)
		}
		if s := look(t, other, person(2)); s.Broken != "" {
			t.Errorf("a decision about somebody else is told %q", s.Broken)
		}
		record(t, l, revoke(person(1)))
	}
	if _, err := l.Erase(t.Context(), person(1), "by hand, on 2026-11-30"); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, l); !r.OK {
		t.Errorf("after an erasure that was recorded: %+v", r)
	}
	if s := look(t, l, person(1)); s.Broken != "" {
		t.Errorf("after an erasure that was recorded: %q", s.Broken)
	}
}
