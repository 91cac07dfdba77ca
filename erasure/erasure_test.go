package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/erasure"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// disk is an instance's: recordings by call, and what waits for the database.
type disk struct {
	db       *postgres.DB
	recorded map[string]bool
	waits    []calllog.Change
}

func (d *disk) Flush(ctx context.Context) error {
	err := d.db.Calls().Apply(ctx, d.waits)
	if err == nil {
		d.waits = nil
	}
	return err
}

func (*disk) CallsWith(phone.Number) ([]string, error) { return nil, nil }

func (d *disk) Erase(_ phone.Number, calls []string) (erasure.Counts, error) {
	before := len(d.recorded)
	maps.DeleteFunc(d.recorded, func(id string, _ bool) bool { return slices.Contains(calls, id) })
	return erasure.Counts{"recordings": before - len(d.recorded)}, nil
}

func (d *disk) Recorded() ([]string, error) { return slices.Collect(maps.Keys(d.recorded)), nil }

// site is a database with its ledger, and instances' disks.
type site struct {
	*testing.T
	url    string
	db     *postgres.DB
	ledger *postgres.Ledger
	disk   *disk
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{T: t, url: postgrestest.URL(t)}
	s.db = postgrestest.Open(t, s.url)
	key := bytes.Repeat([]byte{1}, 32)
	var err error
	if s.ledger, err = s.db.Ledger(t.Context(), postgres.LedgerConfig{TokenKey: key, WrapKey: key, MACKey: key}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.ledger.Close)
	s.disk = &disk{db: s.db, recorded: map[string]bool{}}
	return s
}

// instance is a service with a life.
func (s *site) instance(name string, d *disk, l *life) *erasure.Service {
	s.Helper()
	service, err := erasure.New(erasure.Config{Store: mortal{s.db.Erasures(), l}, Ledger: mortalLedger{s.ledger, l}, Local: mortalDisk{d, l},
		Permits: func(phone.Number) (p [32]byte) { return p }, Key: make([]byte, 32), Instance: name})
	if err != nil {
		s.Fatal(err)
	}
	return service
}

func immortal() *life { return &life{left: -1} }

// person has a call in the log, one that waits on the disk, recordings of both, and consent.
func (s *site) person(i int) phone.Number {
	s.Helper()
	n, err := phone.Parse(fmt.Sprintf("+1212555%04d", 2000+i))
	if err != nil {
		s.Fatal(err)
	}
	began := time.Now().Add(-time.Hour)
	var changes []calllog.Change
	for _, id := range []string{fmt.Sprintf("call_%d", i), fmt.Sprintf("waiting_%d", i)} {
		s.disk.recorded[id] = true
		changes = append(changes, calllog.Change{Call: &calllog.Call{ID: id, Version: 1, Direction: calllog.Inbound, From: n.E164(), To: "+14155550100",
			Outcome: calllog.OutcomeFailed, StartedAt: began, EndedAt: &began}}, calllog.Change{CallID: id, Entry: &calllog.Entry{Seq: 1, Kind: calllog.KindCaller, Text: "I am " + n.E164()}})
	}
	if err := s.db.Calls().Apply(s.Context(), changes[:2]); err != nil {
		s.Fatal(err)
	}
	s.disk.waits = changes[2:]
	grant := consent.Fact{Type: consent.Grant, Number: n, Seller: "riverbend", OccurredAt: began, Source: "web_form", Tier: consent.Express, Note: "said so"}
	if _, err := s.ledger.Record(s.Context(), grant); err != nil {
		s.Fatal(err)
	}
	return n
}

// exec runs a statement of nobody's.
func (s *site) exec(statement string) {
	s.Helper()
	conn, err := pgx.Connect(s.Context(), s.url)
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(s.Context(), statement); err != nil {
		s.Fatal(err)
	}
}

// gone fails if anything of a person is left.
func (s *site) gone(n phone.Number, i int) {
	s.Helper()
	conn, err := pgx.Connect(s.Context(), s.url)
	if err != nil {
		s.Fatal(err)
	}
	defer conn.Close(context.Background())
	var left int
	if err := conn.QueryRow(s.Context(), `select
		(select count(*) from calls c where position($1 in c::text) > 0) + (select count(*) from call_entries e where position($1 in e::text) > 0)
		+ (select count(*) from erasures where sealed is not null)`, n.E164()).Scan(&left); err != nil || left > 0 {
		s.Errorf("%d rows are left, %v", left, err)
	}
	if s.disk.recorded[fmt.Sprintf("call_%d", i)] || s.disk.recorded[fmt.Sprintf("waiting_%d", i)] || len(s.disk.waits) > 0 {
		s.Errorf("the disk has %v, and %d changes wait", s.disk.recorded, len(s.disk.waits))
	}
	facts, err := s.ledger.History(s.Context(), n)
	if err != nil || len(facts) < 2 || facts[0].Note != "" {
		s.Errorf("the ledger has %+v, %v", facts, err)
	}
}

// Killed before or after any of its steps, an instance that comes back ends what it began.
func TestAnErasureGoesOnAfterACrashInAnyStep(t *testing.T) {
	t.Parallel()
	s := open(t)
	killed := 0
	for i, lived := 0, false; !lived; i++ {
		for _, after := range []bool{false, true} {
			n := s.person(2*i + map[bool]int{true: 1}[after])
			_, err := s.instance("one", s.disk, &life{left: i + 1, after: after}).Erase(t.Context(), n, "asked")
			if lived = err == nil; !lived {
				killed++
				if !errors.Is(err, errKilled) {
					t.Fatal(err)
				}
			}
			e, err := s.instance("one", s.disk, immortal()).Erase(t.Context(), n, "asked")
			if err != nil || e.Status != erasure.Done || e.Seq == 0 {
				t.Fatalf("after %d steps: %+v, %v", i, e, err)
			}
			s.gone(n, 2*i+map[bool]int{true: 1}[after])
		}
	}
	if killed < 16 {
		t.Errorf("it was killed %d times", killed)
	}
	if v, err := s.ledger.Verify(t.Context()); err != nil || !v.OK {
		t.Errorf("the ledger verifies as %+v, %v", v, err)
	}
}

// An instance that was away for more than 30 days is not waited for, and what stays names its disk. When
// it is back, recordings of erased calls go by themselves; calls that only it knew go with one more order.
func TestAnErasureAndAnInstanceThatWasAway(t *testing.T) {
	t.Parallel()
	s := open(t)
	n := s.person(0)
	known := &disk{db: s.db, recorded: map[string]bool{"call_0": true}}
	unknown := &disk{db: s.db, recorded: s.disk.recorded, waits: s.disk.waits}
	s.disk.waits = nil
	delete(s.disk.recorded, "call_0") // known has that one
	if err := s.db.Beat(t.Context(), "long gone"); err != nil {
		t.Fatal(err)
	}
	s.exec(`update instances set beat_at = now() - interval '31 days'`)
	if _, err := s.db.CloseOrphans(t.Context(), "", time.Minute); err != nil { // as every instance does, every 15 s
		t.Fatal(err)
	}
	one := s.instance("one", &disk{db: s.db, recorded: map[string]bool{}}, immortal())
	e, err := one.Erase(t.Context(), n, "asked")
	kept := strings.Join(e.Kept, "\n")
	if err != nil || e.Status != erasure.Done || !strings.Contains(kept, "away for more than 30 days") {
		t.Fatalf("%+v, %v", e, err)
	}
	if err := s.instance("long gone", known, immortal()).Sweep(t.Context()); err != nil || len(known.recorded) > 0 {
		t.Errorf("of erased calls it still has %v, %v", known.recorded, err)
	}
	if err := unknown.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err = s.instance("long gone", unknown, immortal()).Erase(t.Context(), n, "asked")
	if err != nil || e.Status != erasure.Done || e.Erased["calls"] != 1 {
		t.Errorf("once more: %+v, %v", e, err)
	}
	s.gone(n, 0)
}

// Another instance is waited for until it has done its part, or its disk is said to be gone; one
// that finds calls of which nobody knew has the others look again.
func TestAnErasureWaitsForEveryInstance(t *testing.T) {
	t.Parallel()
	s := open(t)
	n := s.person(0)
	for _, name := range []string{"two", "three"} {
		if err := s.db.Beat(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	late := s.disk.waits // is on the disk of two, its recording on that of one
	s.disk.waits = nil
	one, two := s.instance("one", s.disk, immortal()), s.instance("two", &disk{db: s.db, recorded: map[string]bool{}, waits: late}, immortal())
	waits := func(by *erasure.Service, names ...string) {
		t.Helper()
		e, err := by.Erase(t.Context(), n, "asked")
		if err != nil || e.Status != erasure.Running || len(e.Waiting) != len(names) {
			t.Fatalf("%+v, %v", e, err)
		}
		for i, name := range names {
			if !strings.HasPrefix(e.Waiting[i], "instance "+name+" ") {
				t.Errorf("it waits for %q, want %q", e.Waiting[i], name)
			}
		}
	}
	waits(one, "three", "two")
	waits(two, "one", "three") // one has a recording of what two has brought
	waits(one, "three")
	if err := one.Without(t.Context(), n, "three"); err != nil {
		t.Fatal(err)
	}
	e, err := one.Erase(t.Context(), n, "asked")
	if err != nil || e.Status != erasure.Done || e.Erased["calls"] != 2 || e.Erased["recordings"] != 2 {
		t.Errorf("%+v, %v", e, err)
	}
	s.gone(n, 0)
	if got, err := one.Get(t.Context(), e.ID); err != nil || got.Status != erasure.Done || got.FinishedAt == nil {
		t.Errorf("%+v, %v", got, err)
	}
	// Three comes back all the same: recordings of erased calls are deleted when it starts.
	back := &disk{db: s.db, recorded: map[string]bool{"call_0": true, "another": true}, waits: late}
	if err := s.instance("three", back, immortal()).Sweep(t.Context()); err != nil || back.recorded["call_0"] || !back.recorded["another"] {
		t.Errorf("%v, %v", back.recorded, err)
	}
	if err := back.Flush(t.Context()); err != nil { // and what it writes late of them is not stored
		t.Fatal(err)
	}
	s.gone(n, 0)
}
