package postgres_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// copies is a store of anchors in memory.
type copies struct {
	mu   sync.Mutex
	list []consent.Anchor
	err  error
}

func (c *copies) Put(_ context.Context, a consent.Anchor) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return c.err
	}
	c.list = append(c.list, a)
	return nil
}

func (c *copies) Close() error { return nil }

func (c *copies) Since(_ context.Context, t time.Time) ([]consent.Anchor, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []consent.Anchor
	for _, a := range c.list {
		if !a.At.Before(t) {
			list = append(list, a)
		}
	}
	return list, c.err
}

// ledgerTables are the tables that a backup has.
var ledgerTables = []string{"consent_ledger", "ledger_people", "ledger_macs", "ledger_keys", "ledger_anchors", "ledger_head", "ledger_evidence"}

// backup keeps the ledger as it is beside it; restore puts that back.
func backup(t *testing.T, url string) {
	t.Helper()
	asOwner(t, url, `create schema kept`)
	for _, table := range ledgerTables {
		asOwner(t, url, `create table kept.`+table+` as table public.`+table)
	}
}

func restore(t *testing.T, url string) {
	t.Helper()
	for _, table := range ledgerTables {
		asOwner(t, url, `delete from public.`+table, `insert into public.`+table+` select * from kept.`+table)
	}
}

// copied anchors a ledger until a row has its copy elsewhere.
func copied(t *testing.T, l *postgres.Ledger, dir string, to postgres.AnchorStore, seq int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.KeepAnchoredEvery(ctx, dir, time.Millisecond) }()
	defer func() { cancel(); <-done }()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		list, err := to.Since(ctx, time.Time{})
		if err != nil || time.Now().After(deadline) {
			t.Fatalf("row %d has no copy: %v", seq, err)
		}
		if slices.ContainsFunc(list, func(a consent.Anchor) bool { return a.Seq == seq }) {
			return
		}
	}
}

// lost is what a decision about a person is told of missing rows.
func lost(t testing.TB, l *postgres.Ledger, i int) (s consent.Snapshot) {
	t.Helper()
	if _, err := l.Transact(t.Context(), person(i), func(now consent.Snapshot) []consent.Fact { s = now; return nil }); err != nil {
		t.Fatal(err)
	}
	return s
}

// A grant, a dump, a stop, and the dump put back: whoever knows of the rows behind it
// says so, whichever way it knows, and nobody is called.
func TestARestoredBackupIsThePast(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(t *testing.T, cfg *postgres.LedgerConfig, files string){
		"by this instance's memory":          nil,
		"by its file":                        func(_ *testing.T, cfg *postgres.LedgerConfig, _ string) { cfg.AnchorDir, cfg.Copies = "", nil },
		"by the file of anchors":             func(_ *testing.T, cfg *postgres.LedgerConfig, _ string) { cfg.HighFile, cfg.Copies = "", nil },
		"by the copies of anchors elsewhere": func(_ *testing.T, cfg *postgres.LedgerConfig, _ string) { cfg.HighFile, cfg.AnchorDir = "", "" },
		"by another instance": func(_ *testing.T, cfg *postgres.LedgerConfig, _ string) {
			cfg.HighFile, cfg.AnchorDir, cfg.Copies = "", "", nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url, files := postgrestest.URL(t), t.TempDir()
			cfg := ledgerConfig()
			cfg.AnchorDir, cfg.HighFile, cfg.Copies = files, filepath.Join(files, "high"), &copies{}
			open := func(cfg postgres.LedgerConfig) *postgres.Ledger {
				l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(l.Close)
				return l
			}
			l := open(cfg)
			record(t, l, grant(person(1)), grant(person(2)), grant(person(1)), grant(person(3)))
			backup(t, url)
			receipts := record(t, l, revoke(person(1)), grant(person(4)), grant(person(5)), revoke(person(2)), grant(person(6)))
			copied(t, l, files, cfg.Copies, receipts[4].Seq)
			restore(t, url)
			old := l
			if forget != nil {
				if forget(t, &cfg, files); name != "by another instance" {
					l.Close()
				} else if s := lost(t, l, 9); s.Lost == "" {
					t.Fatal("the other instance does not know")
				}
				l = open(cfg)
				if name == "by another instance" {
					for deadline := time.Now().Add(10 * time.Second); lost(t, l, 9).Lost == "" && time.Now().Before(deadline); {
						time.Sleep(time.Millisecond)
					}
				}
			}
			if r := verify(t, l); r.OK || r.Lost == nil || r.Lost.To != 9 || r.Lost.From != 5 || r.Lost.Head != receipts[4].Hash || !strings.Contains(r.Problem, "rows 5 to 9 are missing") {
				t.Fatalf("it verifies as %+v", r)
			}
			s := lost(t, l, 3)
			if s.Broken != "" || !strings.Contains(s.Lost, "rows 5 to 9 are missing; the last known head is "+receipts[4].Hash) {
				t.Fatalf("a decision is told %q, %q", s.Lost, s.Broken)
			}
			req := consent.Request{To: person(3), Seller: consent.Seller{Name: "riverbend"}}
			d := consent.Builtin().Decide(req, s, time.Now())
			if i := slices.IndexFunc(d.Results, func(r consent.Result) bool { return r.Rule == "ledger.integrity" }); d.Results[i].Status != consent.Fail || d.Results[i].Effect != consent.EffectHold || !strings.Contains(d.Results[i].Remedy, "bridge consent recover") {
				t.Errorf("the rule says %+v", d.Results[i])
			}
			if err := l.Anchor(t.Context(), t.TempDir()); err == nil {
				t.Error("an older copy was anchored")
			}
			record(t, l, revoke(person(3))) // is still taken

			recovered, err := l.Recover(t.Context(), "dana", "the disk was replaced")
			if err != nil {
				t.Fatal(err)
			}
			if recovered.Rows == nil || recovered.Rows.From != 5 || recovered.Rows.To != 9 || recovered.By != "dana" || recovered.Why != "the disk was replaced" {
				t.Errorf("the recovery is %+v", recovered)
			}
			held, next, err := l.Unclear(t.Context(), consent.HeldRestored, 0)
			if err != nil || next != 0 || len(held) != 4 || held[3].Number != person(3) {
				t.Errorf("held for it: %+v, %d, %v", held, next, err)
			}
			record(t, l, grant(person(3)))
			if held, _, err := l.Unclear(t.Context(), consent.HeldRestored, 0); err != nil || len(held) != 3 {
				t.Errorf("after a new consent: %d, %v", len(held), err)
			}
			all := []*postgres.Ledger{l, open(cfg)}
			if name == "by another instance" {
				all = append(all, old)
			}
			for i, l := range all {
				if s := lost(t, l, 3); s.Lost != "" || s.Broken != "" || s.RestoredAt != recovered.Seq {
					t.Errorf("after it, instance %d is told %q, %q, %d", i, s.Lost, s.Broken, s.RestoredAt)
				}
				if r := verify(t, l); !r.OK {
					t.Errorf("after it, instance %d: it verifies as %+v", i, r)
				}
			}
			if err := l.Anchor(t.Context(), files); err != nil {
				t.Error(err)
			}
			if _, err := l.Recover(t.Context(), "dana", "again"); !errors.Is(err, postgres.ErrNothingMissing) {
				t.Errorf("a second recovery: %v", err)
			}
		})
	}
}

// What an instance has in memory of the rows that were lost it records again.
func TestRefusalsThatTheLedgerLostAreRecordedAgain(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)))
	backup(t, url)
	record(t, l, revoke(person(1)), grant(person(2)))
	restore(t, url)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		s := lost(t, l, 1)
		if s.Lost == "" {
			t.Fatal("nothing is missing")
		}
		if n := len(s.Facts); n == 2 && s.Facts[1].Type == consent.Revoke && s.Facts[1].Words == "stop calling me" {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("%+v", s.Facts)
		}
	}
}

// A date to come is no anchor: neither fresh, nor a proof of rows that never were.
func TestADateToComeIsNoAnchor(t *testing.T) {
	t.Parallel()
	url, dir := postgrestest.URL(t), t.TempDir()
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)), grant(person(2)))
	if err := l.Anchor(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	real := look(t, l, person(1)).AnchoredAt
	future := time.Now().AddDate(1, 0, 0).UTC().Truncate(time.Microsecond)
	var head proof.Sum
	asOwner(t, url, `insert into ledger_anchors values (1, sha256('x'), now() + interval '1 year', sha256('y'))`)
	conn := sqlConn(t, url)
	if _, err := conn.Exec(t.Context(), `insert into ledger_anchors values (2, $1, $2, $3)`, head[:], future, macOf("anchor", []int64{2, future.UnixMicro()}, head)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(dir, "anchors.ndjson"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"seq":99,"hash":"` + strings.Repeat("0", 64) + `","anchored_at":"` + future.Format(time.RFC3339) + `"}` + "\n")
	f.Close()
	if s := look(t, l, person(1)); !s.AnchoredAt.Equal(real) || s.Broken != "" || s.Lost != "" {
		t.Errorf("anchored at %v, not %v; %q %q", s.AnchoredAt, real, s.Broken, s.Lost)
	}
	// What nobody but we could have written is found by its MAC, also if its date is to come.
	if r := verify(t, l); r.OK || !strings.Contains(r.Problem, "anchor") {
		t.Errorf("it verifies as %+v", r)
	}
	asOwner(t, url, `delete from ledger_anchors where at = 1`)
	if r := verify(t, l); !r.OK {
		t.Errorf("it verifies as %+v", r)
	}
}

// An anchor follows each refusal at once.
func TestAnAnchorFollowsEachRefusal(t *testing.T) {
	t.Parallel()
	cfg := ledgerConfig()
	kept := &copies{}
	cfg.Copies = kept
	l, err := postgrestest.New(t).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); l.KeepAnchored(ctx, t.TempDir(), cfg.Log) }()
	anchored := func(seq int64) bool {
		list, _ := kept.Since(ctx, time.Time{})
		return slices.ContainsFunc(list, func(a consent.Anchor) bool { return a.Seq == seq })
	}
	for i := range 3 {
		seq := record(t, l, revoke(person(i)))[0].Seq
		for deadline := time.Now().Add(10 * time.Second); !anchored(seq); time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("row %d was not anchored", seq)
			}
		}
	}
	if s := look(t, l, person(1)); s.OutsideAt.IsZero() || s.AnchoredAt.IsZero() {
		t.Errorf("the decision does not know: %+v", s)
	}
	cancel()
	<-done
}

// The command that recovers is another process than the service, which goes on at once:
// also if it knows of the missing rows by a verification alone.
func TestARecoveryByAnotherProcessIsHeard(t *testing.T) {
	t.Parallel()
	url, cfg := postgrestest.URL(t), ledgerConfig()
	cfg.AnchorDir = t.TempDir()
	open := func() *postgres.Ledger {
		l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Close)
		return l
	}
	before := open()
	record(t, before, grant(person(1)))
	backup(t, url)
	record(t, before, revoke(person(1)), grant(person(2)))
	if err := before.Anchor(t.Context(), cfg.AnchorDir); err != nil {
		t.Fatal(err)
	}
	before.Close()
	restore(t, url)
	service, command := open(), open()
	if r := verify(t, service); r.Lost == nil || lost(t, service, 3).Lost == "" {
		t.Fatalf("it verifies as %+v", r)
	}
	if _, err := command.Recover(t.Context(), "dana", "the disk was replaced"); err != nil {
		t.Fatal(err)
	}
	if s := lost(t, service, 3); s.Lost != "" || s.Broken != "" || s.RestoredAt == 0 {
		t.Errorf("after it, the service is told %q, %q, %d", s.Lost, s.Broken, s.RestoredAt)
	}
	if _, err := command.Recover(t.Context(), "dana", "again"); !errors.Is(err, postgres.ErrNothingMissing) {
		t.Errorf("a second recovery: %v", err)
	}
}
