package postgres_test

import (
	"testing"

	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// TestMain runs tests that take minutes of processor time, most of it Postgres' own: each has a database, and those of
// roles have a server, whose schema they make by all migrations.
func TestMain(m *testing.M) {
	postgrestest.AtOnce(4)
	postgrestest.Main(m)
}
