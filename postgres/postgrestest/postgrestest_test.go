package postgrestest_test

import (
	"context"
	"testing"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// What one test does to its database, another does not see.
func TestEachTestHasItsOwnDatabase(t *testing.T) {
	for _, name := range []string{"one", "another"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := postgrestest.New(t)
			if err := db.SetNext(context.Background(), "CA1", postgres.Next{Document: name}); err != nil {
				t.Fatal(err)
			}
			next, found, err := db.TakeNext(context.Background(), "CA1")
			if err != nil || !found || next.Document != name {
				t.Errorf("TakeNext is %q, %t, %v, want %q", next.Document, found, err, name)
			}
		})
	}
}
