// Package pgservertest has a private Postgres server for a test that wants it for itself: to
// stop it, to halt it, to find it again. Tests that want a database take one of postgrestest.
package pgservertest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/postgres/pgserver"
)

// Start starts a server that is stopped when the test ends.
func Start(t *testing.T, cfg pgserver.PrivateConfig) *pgserver.Private {
	t.Helper()
	begin := time.Now()
	server, err := pgserver.StartPrivate(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %s", time.Since(begin).Round(time.Millisecond))
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// Postmaster reads the server's process from the file that a stranger would
// find by walking the folder.
func Postmaster(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "postgres", "data", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
