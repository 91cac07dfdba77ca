package postgres_test

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/pressly/goose/v3"

	"github.com/patchcord/patchcord/migrations"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestSeveralInstancesMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := postgrestest.EmptyURL(t)
	var all sync.WaitGroup
	for range 3 {
		db := postgrestest.Open(t, url)
		all.Go(func() {
			if _, err := db.Migrate(t.Context(), ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, _, err := postgrestest.Open(t, url).TakeNext(t.Context(), "CA1"); err != nil {
		t.Errorf("after the migration: %v", err)
	}
}

func TestMigrationsGoDownAndUpAgain(t *testing.T) {
	t.Parallel()
	url := postgrestest.URL(t)
	owner := postgrestest.Open(t, postgrestest.OwnerURL(t, url))
	db := owner.SQL()
	defer db.Close()
	status, err := migrations.Status(t.Context(), db)
	if err != nil || len(status) == 0 {
		t.Fatalf("Status: %d migrations, %v", len(status), err)
	}
	for i, step := range status {
		if want := fmt.Sprintf("%05d_", step.Source.Version); !strings.HasPrefix(migrations.Name(step.Source), want) || i > 0 && step.Source.Version <= status[i-1].Source.Version {
			t.Errorf("step %d is called %q", step.Source.Version, migrations.Name(step.Source))
		}
		if _, err := migrations.Down(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	var tables int
	query(t, url, "select count(*) from pg_tables where schemaname = 'public' and tablename <> 'goose_db_version'", &tables)
	if tables != 0 {
		t.Errorf("%d tables are left after all migrations were taken back", tables)
	}
	done, err := migrations.Up(t.Context(), db)
	if err != nil || len(done) != len(status) {
		t.Errorf("Up applied %d of %d migrations, %v", len(done), len(status), err)
	}
}

// To ask what an empty database lacks leaves it empty.
func TestStatusWritesNothing(t *testing.T) {
	t.Parallel()
	url := postgrestest.EmptyURL(t)
	db := postgrestest.Open(t, postgrestest.OwnerURL(t, url)).SQL()
	defer db.Close()
	status, err := migrations.Status(t.Context(), db)
	if err != nil || len(status) == 0 || status[0].State != goose.StatePending {
		t.Errorf("Status: %d migrations, %v", len(status), err)
	}
	var tables int
	query(t, url, "select count(*) from pg_tables where schemaname = 'public'", &tables)
	if tables != 0 {
		t.Errorf("%d tables were made", tables)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ url, want string }{
		"no URL":         {"http://user:secret@host/", "invalid database URL: want postgres://user:password@host:5432/name"},
		"a broken URL":   {"postgres://user:sec%ret@host/x?sslmode=perhaps", "invalid database URL: want postgres://user:password@host:5432/name"},
		"nobody listens": {"postgres://user:secret@127.0.0.1:1/x", "refused"},
		"too old":        {oldServer(t, "14.19"), "the server is version 14; want version 15 or later"},
	} {
		db, err := postgres.Open(t.Context(), c.url)
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "sec") {
			t.Errorf("%s: %v; want %q, and no password", name, err, c.want)
		}
	}
}

// oldServer greets as a server of some version does, and knows nothing else.
func oldServer(t *testing.T, version string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var serving sync.WaitGroup
	t.Cleanup(func() { l.Close(); serving.Wait() })
	serving.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer conn.Close()
				b := pgproto3.NewBackend(conn, conn)
				if _, err := b.ReceiveStartupMessage(); err != nil {
					return
				}
				b.Send(&pgproto3.AuthenticationOk{})
				b.Send(&pgproto3.ParameterStatus{Name: "server_version", Value: version})
				b.Send(&pgproto3.ReadyForQuery{TxStatus: 'I'})
				b.Flush()
				b.Receive() // until the client leaves
			})
		}
	})
	return "postgres://user:secret@" + l.Addr().String() + "/x?sslmode=disable"
}
