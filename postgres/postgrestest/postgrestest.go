// Package postgrestest gives each test a fresh, migrated database of its own
// on a private server that starts once for a test binary, with data that the user's
// cache keeps. Nothing has to be set up by hand, and tests may run in parallel.
//
//	func TestMain(m *testing.M) { postgrestest.Main(m) }
//
//	func TestSomething(t *testing.T) {
//		db := postgrestest.New(t)
//		…
//	}
//
// The database is migrated by the role that owns its tables, and what New and URL
// give connects as the role that serves: a test that passes here has shown that the
// service's rights are enough. OwnerURL and SuperuserURL are for tests that do what
// the service may not.
package postgrestest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
)

const (
	template = "template_patchcord" // migrated once, copied for each test
	timeout  = time.Minute          // for any one step; a busy machine is slow
)

// shared is the server of this test binary.
var shared struct {
	main   bool
	once   sync.Once
	err    error
	dir    string
	server *pgserver.Private
	tests  atomic.Int64
	mu     sync.Mutex
	admin  *pgx.Conn // guarded by mu; nil before the first statement
}

// Main runs the tests, stops the server if one of them needed it, fails if
// goroutines are left, and exits. Call it from TestMain.
func Main(m *testing.M, options ...goleak.Option) {
	shared.main = true
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if code == 0 {
		if err := goleak.Find(options...); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines are left after the tests:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// AtOnce has n tests run at once, unless the command line says how many: for tests that mostly wait, and take no
// processor meanwhile. Call it before Main.
func AtOnce(n int) {
	flag.Parse()
	said := false
	flag.Visit(func(f *flag.Flag) { said = said || f.Name == "test.parallel" })
	if !said {
		if err := flag.Set("test.parallel", strconv.Itoa(n)); err != nil {
			panic("postgrestest: internal error: " + err.Error())
		}
	}
}

// New returns a migrated database that only this test uses. It is closed and
// removed when the test ends.
func New(t testing.TB) *postgres.DB {
	t.Helper()
	return Open(t, URL(t))
}

// Open connects to the database at url, for a test that needs a second pool.
// It is closed when the test ends.
func Open(t testing.TB, url string) *postgres.DB {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	db, err := postgres.Open(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// URL returns the address of a migrated database that only this test uses, for the
// role that serves.
func URL(t testing.TB) string {
	t.Helper()
	name := fresh(t, " template "+template+" strategy file_copy") // wal_log writes all of it twice
	return address(shared.server.URLs.App, name)
}

// EmptyURL returns the address of a database without a schema, for a superuser: no
// other role has rights in it yet.
func EmptyURL(t testing.TB) string {
	t.Helper()
	name := fresh(t, "")
	return address(shared.server.URLs.Superuser, name)
}

// AppURL is the address of the same database for the role that serves.
func AppURL(t testing.TB, url string) string {
	t.Helper()
	return address(shared.server.URLs.App, database(t, url))
}

// OwnerURL is the address of the same database for the role that owns the tables.
func OwnerURL(t testing.TB, url string) string {
	t.Helper()
	return address(shared.server.URLs.Owner, database(t, url))
}

// SuperuserURL is the address of the same database for a superuser.
func SuperuserURL(t testing.TB, url string) string {
	t.Helper()
	return address(shared.server.URLs.Superuser, database(t, url))
}

// Migrate brings the database at url to the schema. The URL's role has to be one
// that may.
func Migrate(t testing.TB, url string) postgres.Migration {
	t.Helper()
	db := Open(t, url)
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	m, err := db.Migrate(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fresh makes a database, and returns its name.
func fresh(t testing.TB, how string) string {
	t.Helper()
	if !shared.main {
		t.Fatal("postgrestest: TestMain has to call postgrestest.Main, which stops the server")
	}
	shared.once.Do(func() { shared.err = start() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	name := fmt.Sprintf("test_%d", shared.tests.Add(1))
	if err := exec("create database "+name+how, "revoke temporary on database "+name+" from public"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := exec("drop database " + name + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	return name
}

func start() error {
	dir, err := os.MkdirTemp("", "postgrestest-")
	if err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	shared.dir = dir
	if err := os.Chmod(dir, 0o711); err != nil { // the server may run as another user than root
		return fmt.Errorf("postgrestest: %w", err)
	}
	kept, err := begin(dir)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	shared.server, err = pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: dir})
	if err != nil && kept != "" { // such as made by an older Postgres than is here now
		if err = errors.Join(os.RemoveAll(kept), empty(dir), create(dir)); err == nil {
			shared.server, err = pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: dir})
		}
	}
	if err != nil {
		return fmt.Errorf("postgrestest: %w", err)
	}
	return nil
}

func stop() error {
	var err error
	if shared.admin != nil {
		err = shared.admin.Close(context.Background())
	}
	if shared.server != nil {
		err = errors.Join(err, shared.server.Stop())
	}
	if shared.dir != "" {
		err = errors.Join(err, os.RemoveAll(shared.dir))
	}
	return err
}

// exec runs statements beside all test databases, as the superuser, over one connection: each
// costs the server a process.
func exec(statements ...string) error {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if shared.admin == nil || shared.admin.IsClosed() {
		conn, err := pgx.Connect(ctx, shared.server.URLs.Superuser)
		if err != nil {
			return fmt.Errorf("postgrestest: connect: %w", err)
		}
		shared.admin = conn
	}
	for _, s := range statements {
		if _, err := shared.admin.Exec(ctx, s); err != nil {
			return fmt.Errorf("postgrestest: %s: %w", s, err)
		}
	}
	return nil
}

// database is the name of the database at an address.
func database(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal("postgrestest: this is no address of a database")
	}
	return u.Path
}

// address is server's address with another database.
func address(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic("postgrestest: internal error: " + err.Error())
	}
	u.Path = "/" + strings.TrimPrefix(database, "/")
	return u.String()
}
