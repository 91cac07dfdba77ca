package postgres_test

import (
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// renewal is a consent that an operator records, with words as its evidence.
func renewal(n phone.Number, seq int64, words string) consent.Fact {
	f := grant(n)
	f.Renews, f.Via, f.By, f.Reason, f.Evidence.Text = seq, consent.ViaAPI, "Ana", "rang us", words
	return f
}

func TestEvidenceOfARenewalIsNew(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	a, b := openLedger(t, db), openLedger(t, db) // two instances
	record(t, a, grant(person(1)), revoke(person(1)), revoke(person(2)), revoke(person(3)))
	old := grant(person(1)).Evidence.Text
	for _, x := range []struct {
		name string
		fact consent.Fact
		want error
	}{
		{"words of the consent before it", renewal(person(1), 2, old), consent.ErrEvidenceSeen},
		{"another person's words", renewal(person(2), 3, old+"! 2026-11-20T10:00:00Z"), consent.ErrEvidenceSeen},
		{"new words", renewal(person(1), 2, "Rang and asked for reminders."), nil},
		{"the same again", renewal(person(1), 2, "Rang and asked for reminders. 2026-11-21"), consent.ErrEvidenceSeen},
		{"the same for another", renewal(person(2), 3, "rang and asked for reminders"), consent.ErrEvidenceSeen},
		{"words that name the person", renewal(person(2), 3, "Rang from (415) 555-0002 and asked for reminders."), nil},
		{"words that name somebody else", renewal(person(3), 4, "Rang from (415) 555-0002 and asked for reminders."), consent.ErrEvidenceSeen},
		{"START by text, as everybody sends it", func() consent.Fact {
			f := renewal(person(3), 4, old)
			f.Via = consent.ViaSMS
			return f
		}(), nil},
		{"a consent that renews nothing", grant(person(3)), nil},
	} {
		if _, err := b.Record(t.Context(), x.fact); !errors.Is(err, x.want) || x.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", x.name, err, x.want)
		}
	}
	if n := look(t, a, person(1)).AsOf; n != 8 {
		t.Errorf("%d rows, want 8", n)
	}
}

// Of two instances that are given the same evidence at the same instant one takes it,
// and nobody else's request fails with the other's.
func TestTheSameEvidenceAtTheSameInstant(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	ledgers := []*postgres.Ledger{openLedger(t, db), openLedger(t, db)}
	const people = 16
	var facts []consent.Fact
	for i := range people {
		facts = append(facts, revoke(person(i)))
	}
	record(t, openLedger(t, db), facts...)
	results := make(chan error, 2*people)
	for i := range people {
		l := ledgers[i%2]
		go func() { _, err := l.Record(t.Context(), renewal(person(i), int64(i+1), "They asked.")); results <- err }()
		go func() { _, err := l.Record(t.Context(), revoke(person(100+i))); results <- err }()
	}
	taken, seen := 0, 0
	for range 2 * people {
		switch err := <-results; {
		case err == nil:
			taken++
		case errors.Is(err, consent.ErrEvidenceSeen):
			seen++
		default:
			t.Error(err)
		}
	}
	if taken != people+1 || seen != people-1 {
		t.Errorf("%d were taken and %d seen before, want %d and %d", taken, seen, people+1, people-1)
	}
}

func TestEvidenceStaysWhereItIs(t *testing.T) {
	t.Parallel()
	db := postgrestest.New(t)
	record(t, openLedger(t, db), grant(person(1)))
	conn := db.SQL()
	defer conn.Close()
	for _, sql := range []string{`delete from ledger_evidence`, `update ledger_evidence set token = digest`, `truncate ledger_evidence`} {
		if _, err := conn.ExecContext(t.Context(), sql); err == nil {
			t.Errorf("%s is let through", sql)
		}
	}
}

// Evidence of rows from before there was a table of it is known, too.
func TestEvidenceOfEarlierRows(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	l, err := db.Ledger(t.Context(), ledgerConfig())
	if err != nil {
		t.Fatal(err)
	}
	var facts []consent.Fact
	for i := range 2100 { // more than are read at once
		f := grant(person(i))
		f.Evidence.Text = fmt.Sprintf("%s, says person %d", f.Evidence.Text, i)
		facts = append(facts, f)
	}
	recordMany(t, l, facts...)
	record(t, l, revoke(person(9999)))
	l.Close()
	if _, err := sqlConn(t, postgrestest.SuperuserURL(t, url)).Exec(t.Context(), `set session_replication_role = replica; truncate ledger_evidence`); err != nil {
		t.Fatal(err)
	}
	l = openLedger(t, db)
	words := facts[2050].Evidence.Text
	for { // until all is read
		_, err := l.Record(t.Context(), renewal(person(9999), 2101, words))
		if errors.Is(err, consent.ErrEvidenceSeen) {
			return
		}
		if err == nil {
			t.Fatal("the evidence of an earlier row was taken for new")
		}
		runtime.Gosched()
	}
}
