package postgres_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// firstOnly lets a call through where there was none before, as a cap of one does.
func firstOnly(n phone.Number, allowed *atomic.Int64) func(consent.Snapshot) []consent.Fact {
	return func(s consent.Snapshot) []consent.Fact {
		facts := []consent.Fact{decision(n, 3)}
		for _, f := range s.Facts {
			if f.Type == consent.Permitted {
				return facts
			}
		}
		allowed.Add(1)
		return append(facts, consent.Fact{Type: consent.Permitted, Number: n, Seller: "riverbend", PermitID: "permit", PermitStatus: consent.PermitMinted})
	}
}

// 64 goroutines on two instances write one chain, without a fork and without a gap,
// and of all who want to call the same person one is the first.
func TestTwoInstancesWriteOneChain(t *testing.T) {
	t.Parallel()
	const goroutines, rounds, people = 64, 15, 20
	url := postgrestest.URL(t)
	instances := []*postgres.Ledger{openLedger(t, postgrestest.Open(t, url)), openLedger(t, postgrestest.Open(t, url))}
	var allowed [people]atomic.Int64
	var rows atomic.Int64
	seqs := make([][]int64, goroutines)
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			l := instances[g%2]
			for i := range rounds {
				p := (g*7 + i) % people
				var receipts []consent.Receipt
				var err error
				if i%3 == 2 {
					receipts, err = l.Record(t.Context(), grant(person(p)), grant(person(p+1)))
				} else {
					receipts, err = l.Transact(t.Context(), person(p), firstOnly(person(p), &allowed[p]))
				}
				if err != nil {
					t.Error(err)
					return
				}
				rows.Add(int64(len(receipts)))
				for _, r := range receipts {
					seqs[g] = append(seqs[g], r.Seq)
				}
			}
		})
	}
	all.Wait()
	if r := verify(t, instances[0]); !r.OK || r.Rows != rows.Load() {
		t.Errorf("the chain verifies as %+v, %d rows were written", r, rows.Load())
	}
	seen := make(map[int64]bool)
	for _, list := range seqs {
		for i, seq := range list {
			if seen[seq] || i > 0 && seq <= list[i-1] {
				t.Errorf("row %d was given twice, or out of turn", seq)
			}
			seen[seq] = true
		}
	}
	for p := range allowed {
		if n := allowed[p].Load(); n != 1 {
			t.Errorf("%d calls to person %d were the first", n, p)
		}
	}
}

// blocked holds the lock of the head row, as a batch of another instance does.
func blocked(t *testing.T, url string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), `begin; select * from ledger_head for update`); err != nil {
		t.Fatal(err)
	}
	return func() { conn.Close(context.Background()) }
}

// untilWaiting returns when so many backends wait for a lock.
func untilWaiting(t *testing.T, url string, n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		var waiting int
		if err := conn.QueryRow(t.Context(), `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
		if waiting >= n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d backends wait for a lock, want %d", waiting, n)
		}
	}
}

func TestADecisionWhoseTurnComesTooLateIsNotMade(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	release := blocked(t, url)
	first := make(chan error, 1)
	go func() { // its batch waits for the lock
		_, err := l.Record(context.Background(), grant(person(1)))
		first <- err
	}()
	untilWaiting(t, url, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	var called atomic.Bool
	_, err := l.Transact(ctx, person(2), func(consent.Snapshot) []consent.Fact {
		called.Store(true)
		return nil
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Transact says %v", err)
	}
	release()
	if err := <-first; err != nil {
		t.Errorf("whoever waited longer was refused: %v", err)
	}
	record(t, l, grant(person(3))) // the queue is empty behind it
	if called.Load() {
		t.Error("decide was called after Transact had returned")
	}
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}

func TestALockThatIsNotGivenFailsClosed(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	release := blocked(t, url)
	defer release()
	begun := time.Now()
	_, err := l.Transact(t.Context(), person(1), func(consent.Snapshot) []consent.Fact {
		t.Error("it was decided without the lock")
		return nil
	})
	if err == nil || time.Since(begun) > 6*time.Second {
		t.Errorf("after %v Transact says %v", time.Since(begun), err)
	}
}

func TestAFullQueueIsBusy(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	cfg := ledgerConfig()
	cfg.Queue = 2
	l, err := postgrestest.Open(t, url).Ledger(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	release := blocked(t, url)
	first := make(chan error, 1)
	go func() { _, err := l.Record(context.Background(), grant(person(1))); first <- err }()
	untilWaiting(t, url, 1)
	for i, want := range []error{context.DeadlineExceeded, context.DeadlineExceeded, postgres.ErrLedgerBusy} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		if _, err := l.Record(ctx, grant(person(2))); !errors.Is(err, want) {
			t.Errorf("request %d behind the one that is run ends with %v, want %v", i+1, err, want)
		}
	}
	release()
	if err := <-first; err != nil {
		t.Error(err)
	}
	if r := verify(t, l); r.Rows != 1 {
		t.Errorf("requests that were given up were written: %+v", r)
	}
}

func TestADecisionThatPanicsFailsAlone(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	release := blocked(t, url)
	go l.Record(context.Background(), grant(person(9)))
	untilWaiting(t, url, 1)
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i, decide := range []func(consent.Snapshot) []consent.Fact{
		func(consent.Snapshot) []consent.Fact { return []consent.Fact{grant(person(0))} },
		func(consent.Snapshot) []consent.Fact { panic("+14155550142 said something") },
		func(consent.Snapshot) []consent.Fact { return []consent.Fact{grant(person(2)), grant(person(7))} }, // of somebody else
		func(consent.Snapshot) []consent.Fact {
			f := grant(person(3))
			f.Seller = "nul \x00"
			return []consent.Fact{grant(person(3)), f}
		},
	} {
		all.Go(func() { _, errs[i] = l.Transact(t.Context(), person(i), decide) })
	}
	time.Sleep(20 * time.Millisecond) // so that most of them share a batch; right either way
	release()
	all.Wait()
	for i, err := range errs {
		if i == 0 && err != nil || i > 0 && err == nil {
			t.Errorf("request %d: %v", i, err)
		}
		if err != nil && (strings.Contains(err.Error(), "+1") || strings.Contains(err.Error(), "said")) {
			t.Errorf("request %d: its error repeats what it was about: %v", i, err)
		}
	}
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}

func TestCloseFailsWhoWaits(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	release := blocked(t, url)
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { _, err := l.Record(context.Background(), grant(person(1))); first <- err }()
	untilWaiting(t, url, 1)
	go func() { _, err := l.Record(context.Background(), grant(person(2))); second <- err }()
	time.Sleep(10 * time.Millisecond) // until it waits; right either way
	closed := make(chan struct{})
	go func() { defer close(closed); l.Close() }()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err := l.Record(ctx, grant(person(3)))
		cancel()
		if errors.Is(err, postgres.ErrLedgerClosed) {
			break
		}
	}
	release()
	<-closed
	if err := <-first; err != nil {
		t.Errorf("the batch that was being written ended with %v", err)
	}
	if err := <-second; !errors.Is(err, postgres.ErrLedgerClosed) {
		t.Errorf("the request that waited ended with %v", err)
	}
	if _, err := l.Record(t.Context(), grant(person(3))); !errors.Is(err, postgres.ErrLedgerClosed) {
		t.Errorf("a closed ledger says %v", err)
	}
}
