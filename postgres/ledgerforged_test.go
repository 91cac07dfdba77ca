package postgres_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// No rule looks at decisions and no count has them: a hole among them is found by the
// chain.
func TestAHoleAmongDecisionsIsFound(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)), decision(person(1), 10), decision(person(1), 10), decision(person(2), 10), grant(person(2)))
	if r := verify(t, l); !r.OK {
		t.Fatalf("before: %+v", r)
	}
	asOwner(t, url, `delete from consent_ledger where seq = 3`)
	if s := look(t, openLedger(t, postgrestest.Open(t, url)), person(1)); s.Broken != "" {
		t.Errorf("a look is told %q: it has not computed the chain", s.Broken)
	}
	if r := verify(t, l); r.OK || r.FirstBad != 3 {
		t.Errorf("it verifies as %+v", r)
	}
	if s := look(t, l, person(2)); s.Broken == "" {
		t.Error("a call could still be placed")
	}
}

// What the serving role can add of the ledger's own rows stops calls, and no refusal.
func TestAForgedRecoveryKeepsNoRefusalOut(t *testing.T) {
	t.Parallel()
	for _, seq := range []string{"9", "-1"} {
		t.Run(seq, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.URL(t)
			l := openLedger(t, postgrestest.Open(t, url))
			record(t, l, consent.Fact{Type: consent.PolicyKept, OccurredAt: time.Now(), Source: "start", Actor: "gate", Note: "text"}, grant(person(1)))
			if _, err := sqlConn(t, url).Exec(t.Context(), `
				insert into consent_ledger select `+seq+`, prev, hash, now() + interval '1 day', token, 'restored', seller, mark, body, mac from consent_ledger where seq = 1`); err != nil {
				t.Fatal(err)
			}
			receipts, err := l.Record(t.Context(), revoke(person(1)))
			if err != nil {
				t.Fatalf("a refusal was not taken: %v", err)
			}
			if _, err := l.Fact(t.Context(), receipts[0].Seq); err != nil {
				t.Error(err)
			}
			if r := verify(t, l); r.OK {
				t.Error("it verifies")
			}
			if s := look(t, l, person(1)); s.Broken == "" {
				t.Error("a call could still be placed")
			}
		})
	}
}

// Nor does one hide the anchors that know of rows which an older copy of the ledger lacks.
func TestAForgedRecoveryHidesNoAnchor(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, consent.Fact{Type: consent.PolicyKept, OccurredAt: time.Now(), Source: "start", Actor: "gate", Note: "text"}, grant(person(1)))
	backup(t, url)
	record(t, l, revoke(person(1)))
	if err := l.Anchor(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	l.Close()
	asOwner(t, url, `create table kept.newest as select * from public.ledger_anchors`)
	restore(t, url)
	asOwner(t, url, `delete from public.ledger_anchors`, `insert into public.ledger_anchors select * from kept.newest`)
	fresh := func() *postgres.Ledger { return openLedger(t, postgrestest.Open(t, url)) }
	if s := lost(t, fresh(), 2); s.Lost == "" {
		t.Fatal("before the forgery nobody knows of the missing rows")
	}
	if _, err := sqlConn(t, url).Exec(t.Context(), `
		insert into consent_ledger select -1, prev, hash, now() + interval '1 day', token, 'restored', seller, mark, body, mac from consent_ledger where seq = 1`); err != nil {
		t.Fatal(err)
	}
	if s := lost(t, fresh(), 2); s.Lost == "" {
		t.Errorf("after it a decision is told %q, and nothing of the missing rows", s.Broken)
	}
}

// An anchor without a MAC is of before the upgrade. The serving role can add one of today,
// and with it make nobody believe that the head was written down lately.
func TestAnAnchorWithoutItsMACIsOld(t *testing.T) {
	t.Parallel()
	url := before(t)
	l := openBefore(t, url, beforeConfig(t))
	if _, err := sqlConn(t, url).Exec(t.Context(), `insert into ledger_anchors select seq, hash, clock_timestamp(), null from consent_ledger where seq = 1`); err != nil {
		t.Fatal(err)
	}
	if s := look(t, l, person(1)); time.Since(s.AnchoredAt) < time.Hour {
		t.Errorf("the head was anchored at %v", s.AnchoredAt)
	}
	if r := verify(t, l); r.OK || !strings.Contains(r.Problem, "anchor") {
		t.Errorf("it verifies as %+v", r)
	}
}

// A power failure may leave the file that names the newest row without its line. Any other
// damage is for a person to look at.
func TestTheFileOfTheNewestRow(t *testing.T) {
	t.Parallel()
	db, dir := postgrestest.New(t), t.TempDir()
	for text, starts := range map[string]bool{"": true, strings.Repeat("\x00", 106): true, "0000000000000000009 ab": false, "?": false,
		"0000000000000000009 " + strings.Repeat("0f", 32) + " yesterday\n": false} {
		cfg := ledgerConfig()
		cfg.HighFile = filepath.Join(dir, "high")
		if err := os.WriteFile(cfg.HighFile, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := db.Ledger(t.Context(), cfg)
		if err == nil {
			l.Close()
		}
		if (err == nil) != starts {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What an instance remembers of lost rows is offered again until the ledger takes it.
func TestALostRefusalIsOfferedAgain(t *testing.T) {
	t.Parallel()
	url, cfg, refused := postgrestest.URL(t), ledgerConfig(), make(said, 16)
	cfg.Log = zerolog.New(refused)
	l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	record(t, l, grant(person(1)))
	backup(t, url)
	record(t, l, revoke(person(1)))
	restore(t, url)
	asOwner(t, url, `create function away() returns trigger language plpgsql as 'begin raise exception ''away''; end'`,
		`create trigger away before insert on consent_ledger for each row execute function away()`)
	if lost(t, l, 1).Lost == "" {
		t.Fatal("nothing is missing")
	}
	<-refused
	asOwner(t, url, `drop trigger away on consent_ledger`)
	for deadline := time.Now().Add(5 * time.Second); len(lost(t, l, 1).Facts) < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the refusal was not recorded again")
		}
	}
}

// said hears when a log says that refusals could not be recorded again.
type said chan struct{}

func (s said) Write(line []byte) (int, error) {
	if strings.Contains(string(line), "opt-outs lost from the ledger not recorded again; retrying with the next request") {
		s <- struct{}{}
	}
	return len(line), nil
}

// A ledger of the version before has anchors of its rows, which have no MACs either.
func TestAnAnchoredLedgerOfTheVersionBeforeIsTakenOver(t *testing.T) {
	t.Parallel()
	url := before(t, `insert into ledger_anchors select seq, hash, recorded_at from consent_ledger where seq in (9, 18)`)
	for range 2 {
		l := openBefore(t, url, beforeConfig(t))
		if r := verify(t, l); !r.OK || r.Rows != 19 {
			t.Errorf("it verifies as %+v", r)
		}
		if s := look(t, l, subscribed(t, 1)); s.Broken != "" || s.AnchoredAt.IsZero() {
			t.Errorf("a decision is told %q; the head was anchored at %v", s.Broken, s.AnchoredAt)
		}
	}
}
