package postgres_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// broken is what a decision about a person is told of the ledger.
func broken(t testing.TB, l *postgres.Ledger, n phone.Number) (problem string) {
	t.Helper()
	if _, err := l.Transact(t.Context(), n, func(s consent.Snapshot) []consent.Fact { problem = s.Broken; return nil }); err != nil {
		t.Fatal(err)
	}
	return problem
}

// Whoever owns the tables changes what is known of a person. The very next decision
// about that person sees it; one about somebody else does not.
func TestTheNextDecisionAboutThePersonFinds(t *testing.T) {
	t.Parallel()
	const hashed = `sha256(convert_to('patchcord consent ledger 1' || E'\n' || encode(prev, 'hex') || E'\n' || encode(sha256(body), 'hex') || E'\n', 'UTF8'))`
	tests := []struct {
		name, want string
		do         []string
	}{
		{"a stop deleted from the middle", "row", []string{`delete from consent_ledger where seq = 2`}},
		{"a stop deleted from the middle, and its count", "row", []string{`delete from consent_ledger where seq = 2`, `delete from ledger_people where seq = 2`}},
		{"the newest fact deleted", "row", []string{`delete from consent_ledger where seq = 5`}},
		{"the newest fact deleted, and its count", "row 5 of this person is missing", []string{`delete from consent_ledger where seq = 5`, `delete from ledger_people where seq = 5`}},
		{"all facts deleted, and their counts", "row 5 of this person is missing", []string{`delete from consent_ledger c using ledger_people p where p.seq = 5 and c.token = p.token`, `delete from ledger_people p using ledger_people o where o.seq = 5 and p.token = o.token`}},
		{"a row that gets a new hash", "MAC", []string{`update consent_ledger set body = convert_to(replace(convert_from(body, 'UTF8'), '"source":"phone"', '"source":"email"'), 'UTF8') where seq = 2`, `update consent_ledger set hash = ` + hashed + ` where seq = 2`}},
		{"a grant of another person", "columns", []string{`update consent_ledger c set token = p.token from ledger_people p where p.seq = 5 and c.seq = 3`}},
		{"a grant of another person, re-headed", "MAC", []string{`update consent_ledger c set token = p.token, body = convert_to(replace(convert_from(body, 'UTF8'), encode(c.token, 'hex'), encode(p.token, 'hex')), 'UTF8') from ledger_people p where p.seq = 5 and c.seq = 3`, `update consent_ledger set hash = ` + hashed + ` where seq = 3`}},
		{"a copied row", "MAC", []string{`insert into consent_ledger select 9, prev, hash, recorded_at, token, type, seller, mark, convert_to(replace(convert_from(body, 'UTF8'), '"seq":1,', '"seq":9,'), 'UTF8'), mac from consent_ledger where seq = 1`, `update consent_ledger set hash = ` + hashed + ` where seq = 9`}},
		{"a count that was changed", "count", []string{`update ledger_people set nth = 9 where seq = 5`}},
		{"the place of the newest that was changed", "count", []string{`update ledger_people set seq = 4 where seq = 5`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.URL(t)
			l := openLedger(t, postgrestest.Open(t, url))
			record(t, l, grant(person(1)), revoke(person(1)), grant(person(2)), grant(person(3)), grant(person(1)), grant(person(4)), grant(person(5)), grant(person(6)))
			asOwner(t, url, test.do...)
			for _, want := range []string{test.want, " "} { // a further fact does not hide it
				if got := broken(t, l, person(1)); !strings.Contains(got, want) {
					t.Errorf("the decision is told %q, want %q", got, want)
				}
				if got := look(t, l, person(1)).Broken; !strings.Contains(got, want) {
					t.Errorf("a look is told %q, want %q", got, want)
				}
				if got := broken(t, l, person(4)); got != "" && test.name != "a copied row" { // which is behind the head
					t.Errorf("a decision about somebody else is told %q", got)
				}
				record(t, l, revoke(person(1)))
			}
			if r := verify(t, l); r.OK {
				t.Error("and it verifies")
			}
		})
	}
}

// Two that begin a ledger at once both start.
func TestTwoInstancesBeginALedgerAtOnce(t *testing.T) {
	t.Parallel()
	for range 10 {
		url := postgrestest.URL(t)
		dbs := []*postgres.DB{postgrestest.Open(t, url), postgrestest.Open(t, url), postgrestest.Open(t, url)}
		start := make(chan struct{})
		var all sync.WaitGroup
		for _, db := range dbs {
			all.Go(func() {
				<-start
				l, err := db.Ledger(t.Context(), ledgerConfig())
				if err != nil {
					t.Error(err)
					return
				}
				l.Close()
			})
		}
		close(start)
		all.Wait()
	}
}
