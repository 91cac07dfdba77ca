package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// No ledger, no call: these tests take it away at every point of a batch.

func sqlConn(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

const killBackends = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'patchcord'`

func TestABackendKilledWhileItWaitsForTheLock(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	record(t, l, grant(person(1)))
	release := blocked(t, url)
	done := make(chan error, 1)
	go func() {
		_, err := l.Transact(context.Background(), person(1), func(consent.Snapshot) []consent.Fact {
			t.Error("it was decided on a broken connection")
			return nil
		})
		done <- err
	}()
	untilWaiting(t, url, 1)
	if _, err := sqlConn(t, url).Exec(t.Context(), killBackends); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("Transact says that all is well")
	}
	release()
	record(t, l, grant(person(2))) // and goes on
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}

func TestABackendKilledBetweenTheDecisionAndItsCommit(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	l := openLedger(t, postgrestest.Open(t, url))
	conn := sqlConn(t, url)
	_, err := l.Transact(t.Context(), person(1), func(consent.Snapshot) []consent.Fact {
		if _, err := conn.Exec(t.Context(), killBackends); err != nil {
			t.Error(err)
		}
		return []consent.Fact{grant(person(1))}
	})
	if err == nil {
		t.Error("a decision that was not written counts")
	}
	if err != nil && strings.Contains(err.Error(), "1415") {
		t.Errorf("the error names a number: %v", err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 0 {
		t.Errorf("the ledger holds %+v", r)
	}
}

// The answer to a commit is lost. What became of it is asked of the ledger itself.
func TestTheAnswerToACommitIsLost(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	conn := sqlConn(t, postgrestest.SuperuserURL(t, url))
	if _, err := conn.Exec(t.Context(), `
		create function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return null; end $$;
		create constraint trigger slowly after insert on consent_ledger deferrable initially deferred for each row execute function slowly()`); err != nil {
		t.Fatal(err)
	}
	line := newProxy(t, url)
	l := openLedger(t, postgrestest.Open(t, line.url))
	type end struct {
		receipts []consent.Receipt
		err      error
	}
	done := make(chan end, 1)
	go func() {
		receipts, err := l.Record(context.Background(), revoke(person(1)))
		done <- end{receipts, err}
	}()
	asleep := func(want bool) {
		for is := !want; is != want; time.Sleep(time.Millisecond) {
			if err := conn.QueryRow(t.Context(), `select exists (select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database())`).Scan(&is); err != nil {
				t.Fatal(err)
			}
		}
	}
	asleep(true)
	line.cut()
	asleep(false) // until the driver can reach the server again, it can't cancel what it no longer hears of
	line.restore()
	if e := <-done; e.err != nil || len(e.receipts) != 1 {
		t.Errorf("a revocation that was written counts as %+v, %v", e.receipts, e.err)
	}
	if r := verify(t, l); !r.OK || r.Rows != 1 {
		t.Errorf("the ledger holds %+v", r)
	}
}

func TestPostgresIsAway(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	line := newProxy(t, url)
	l := openLedger(t, postgrestest.Open(t, line.url))
	record(t, l, grant(person(1)))
	line.cut()
	_, err := l.Transact(t.Context(), person(1), func(consent.Snapshot) []consent.Fact {
		t.Error("it was decided without a ledger")
		return nil
	})
	if err == nil {
		t.Error("Transact works without a ledger")
	}
	if _, err := l.Snapshot(t.Context(), person(1)); err == nil {
		t.Error("Snapshot works without a ledger")
	}
	if _, err := l.Record(t.Context(), grant(person(1))); err == nil {
		t.Error("Record works without a ledger")
	}
	line.restore()
	record(t, l, grant(person(1)))
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}

func TestPostgresIsHalted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	db := openPrivate(t, server.URLs)
	l := openLedger(t, db)
	record(t, l, grant(person(1)))
	pid := pgservertest.Postmaster(t, dir)
	pgservertest.Halt(t, pid)
	begun := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer cancel()
	if _, err := l.Record(ctx, revoke(person(1))); err == nil || time.Since(begun) > 3*time.Second {
		t.Errorf("after %v Record says %v", time.Since(begun), err)
	}
	pgservertest.Resume(t, pid)
	for deadline := time.Now().Add(20 * time.Second); ; { // the batch that hung has to end first
		if _, err := l.Record(t.Context(), revoke(person(2))); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if r := verify(t, l); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
}
