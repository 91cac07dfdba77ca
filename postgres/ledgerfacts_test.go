package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestFactsThatCannotBeStoredAreRefusedWithAllOfTheirRecord(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	for name, change := range map[string]func(*consent.Fact){
		"no number":                  func(f *consent.Fact) { f.Number = phone.Number{} },
		"no type":                    func(f *consent.Fact) { f.Type = "" },
		"a type that is no text":     func(f *consent.Fact) { f.Type = "\xff" },
		"a seller with a nul":        func(f *consent.Fact) { f.Seller = "a\x00" },
		"a seller that is a novel":   func(f *consent.Fact) { f.Seller = strings.Repeat("a", 2000) },
		"a time that can't be said":  func(f *consent.Fact) { f.OccurredAt = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC) },
		"evidence that is a library": func(f *consent.Fact) { f.Evidence = &consent.Evidence{Text: noise(3 << 20)} },
	} {
		bad := grant(person(2))
		change(&bad)
		if _, err := l.Record(t.Context(), grant(person(1)), bad); err == nil || strings.Contains(err.Error(), "+1415") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := l.Record(t.Context(), make([]consent.Fact, 10_001)...); err == nil {
		t.Error("more facts than are taken at once were taken")
	}
	if receipts, err := l.Record(t.Context()); err != nil || len(receipts) != 0 {
		t.Errorf("of no facts: %v, %v", receipts, err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 0 {
		t.Errorf("the ledger holds %+v", r)
	}
}

// noise does not get shorter when it is deflated.
func noise(n int) string {
	b, x := make([]byte, n), uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = ' ' + byte(x>>24)%90
	}
	return string(b)
}

func TestNoDecisionRestsOnMoreThanCanBeLookedAt(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("it only computes")
	}
	l := openLedger(t, postgrestest.New(t))
	facts := make([]consent.Fact, 10_000)
	for i := range facts {
		facts[i] = consent.Fact{Type: consent.Preference, Number: person(1), Seller: "riverbend", After: "09:00"}
	}
	record(t, l, facts...)
	if s := look(t, l, person(1)); s.Broken != "" || len(s.Facts) != 10_000 {
		t.Errorf("%d facts, %q", len(s.Facts), s.Broken)
	}
	record(t, l, facts[0], grant(person(2)))
	if s := look(t, l, person(1)); s.Broken == "" {
		t.Errorf("%d facts are looked at", len(s.Facts))
	}
	if s := look(t, l, person(2)); s.Broken != "" || len(s.Facts) != 1 {
		t.Errorf("of somebody else: %+v", s)
	}
	history, err := l.History(t.Context(), person(1))
	if err != nil || len(history) != 10_000 || history[9999].Seq != 10_001 {
		t.Errorf("the history has %d facts, %v", len(history), err)
	}
}

// Decisions are kept and shown, and no later decision has to read them.
func TestAThousandRefusalsCostTheNextDecisionNothing(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("it only computes")
	}
	l := openLedger(t, postgrestest.New(t))
	refused := make([]consent.Fact, 1000)
	for i := range refused {
		refused[i] = decision(person(1), 3)
	}
	recordMany(t, l, append(refused, revoke(person(1)))...)
	if s := look(t, l, person(1)); len(s.Facts) != 1 || s.AsOf != 1001 {
		t.Errorf("the snapshot has %d facts as of %d", len(s.Facts), s.AsOf)
	}
	if history, err := l.History(t.Context(), person(1)); err != nil || len(history) != 1001 {
		t.Errorf("the history has %d facts, %v", len(history), err)
	}
	f, err := l.Fact(t.Context(), 17)
	if err != nil || f.Type != consent.Decided || f.Decision == nil || f.Decision.Seq != 17 || f.Number != person(1) {
		t.Errorf("row 17 is %+v, %v", f, err)
	}
	if _, err := l.Fact(t.Context(), 2000); err == nil {
		t.Error("a row that is not there was found")
	}
}

func TestLookIsInTheOrderThatWasAsked(t *testing.T) {
	t.Parallel()
	l := openLedger(t, postgrestest.New(t))
	numbers := make([]phone.Number, 1200)
	for i := range numbers {
		numbers[i] = person(i % 900)
	}
	record(t, l, grant(person(0)), grant(person(899)), revoke(person(0)))
	list, err := l.Snapshot(t.Context(), numbers...)
	if err != nil || len(list) != 1200 {
		t.Fatalf("%d snapshots, %v", len(list), err)
	}
	for i, s := range list {
		want := map[int]int{0: 2, 899: 1}[i%900]
		if len(s.Facts) != want || s.AsOf != 3 {
			t.Errorf("snapshot %d has %d facts as of %d, want %d", i, len(s.Facts), s.AsOf, want)
		}
	}
	if _, err := l.Snapshot(t.Context(), person(1), phone.Number{}); err == nil {
		t.Error("no number was looked at")
	}
}

type deciderFunc func(consent.Request, consent.Snapshot, time.Time) consent.Decision

func (f deciderFunc) Decide(r consent.Request, s consent.Snapshot, now time.Time) consent.Decision {
	return f(r, s, now)
}

// A chain that somebody has broken lets no call be placed, and still takes a no.
func TestABrokenChainStillTakesARefusal(t *testing.T) {
	t.Parallel()
	for name, breaks := range map[string]string{
		"the last row is gone": `delete from consent_ledger where seq = 3`,
		"the head is behind":   `update ledger_head set at = 2, head = (select hash from consent_ledger where seq = 2)`,
		"the head is another":  `update ledger_head set head = sha256('x')`,
		"a row of the number":  `update consent_ledger set body = set_byte(body, 300, 0) where seq = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.URL(t)
			l := openLedger(t, postgrestest.Open(t, url))
			record(t, l, grant(person(1)), grant(person(2)), grant(person(3)))
			asOwner(t, url, breaks)
			_, err := l.Transact(t.Context(), person(1), func(s consent.Snapshot) []consent.Fact {
				if s.Broken == "" {
					t.Error("the decision does not know")
				}
				return []consent.Fact{decision(person(1), 1)}
			})
			if err != nil {
				t.Error(err)
			}
			record(t, l, revoke(person(2)))
			if s := look(t, l, person(2)); s.Facts[len(s.Facts)-1].Type != consent.Revoke {
				t.Errorf("the refusal is not known: %+v", s)
			}
			if r := verify(t, l); r.OK && name != "the head is behind" { // it has caught up: no row was changed
				t.Error("and nobody would find it")
			}
		})
	}
}

// Time never falls in the chain, though a server's clock may.
func TestTheServersClockGoesBack(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	future := time.Now().UTC().Add(time.Hour).Truncate(time.Microsecond)
	r := proof.Row{Seq: 1, RecordedAt: future, Type: consent.Grant, Seller: "riverbend"}
	if err := r.Compose(consent.Fact{Type: consent.Grant}, proof.Sealed{ID: strings.Repeat("00", 16)}, ""); err != nil {
		t.Fatal(err)
	}
	mac, count := macOf("row", []int64{1}, r.Prev, r.Hash), macOf("person", []int64{1, 1}, r.Token)
	conn := sqlConn(t, url)
	b := &pgx.Batch{}
	b.Queue(`insert into consent_ledger values (1, $1, $2, $3, $4, 'grant', 'riverbend', '', $5, $6)`, r.Prev[:], r.Hash[:], r.RecordedAt, r.Token[:], r.Body, mac)
	b.Queue(`insert into ledger_people values ($1, 1, 1, $2)`, r.Token[:], count)
	b.Queue(`update ledger_head set at = 1, head = $1`, r.Hash[:])
	if err := conn.SendBatch(t.Context(), b).Close(); err != nil {
		t.Fatal(err)
	}
	if s := look(t, l, person(1)); !strings.Contains(s.Broken, "clock") {
		t.Errorf("a clock that is an hour back is taken: %q", s.Broken)
	}
	record(t, l, revoke(person(1)))
	if f, err := l.Fact(t.Context(), 2); err != nil || !f.RecordedAt.Equal(future) {
		t.Errorf("row 2 was recorded at %v, %v; want %v", f.RecordedAt, err, future)
	}
	if v := verify(t, l); !v.OK {
		t.Errorf("the chain verifies as %+v", v)
	}
}

func TestAnchorsAreKept(t *testing.T) {
	t.Parallel()
	cfg := ledgerConfig()
	l := openLedger(t, postgrestest.New(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.KeepAnchored(ctx, t.TempDir(), cfg.Log) }()
	for deadline := time.Now().Add(10 * time.Second); look(t, l, person(1)).AnchoredAt.IsZero(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no anchor was written")
		}
	}
	cancel()
	<-done
}
