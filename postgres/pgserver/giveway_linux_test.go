package pgserver_test

import (
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// A private server works behind the calls of the service: its backends, too.
func TestPrivateGivesWay(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var backend int
	if err := conn.QueryRow(t.Context(), "select pg_backend_pid()").Scan(&backend); err != nil {
		t.Fatal(err)
	}
	raw, err := syscall.Getpriority(syscall.PRIO_PROCESS, backend)
	if err != nil {
		t.Fatal(err)
	}
	if nice := 20 - raw; nice != 10 { // the kernel's own form: 40 to 1
		t.Errorf("a backend has niceness %d, want 10", nice)
	}
}
