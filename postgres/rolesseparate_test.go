package postgres_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// An older program knew one role, the superuser, who owned all tables; its password
// lay alone in the folder.
func TestPrivateTakesOverFromAnOlderProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	admin := sqlConn(t, server.URLs.Superuser)
	if _, err := admin.Exec(t.Context(), `drop owned by patchcord_owner, patchcord_app; drop role patchcord_owner, patchcord_app`); err != nil {
		t.Fatal(err)
	}
	older(t, server.URLs.Superuser, "patchcord")
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "postgres")
	for _, name := range []string{"owner.password", "app.password"} {
		if err := os.Remove(filepath.Join(home, name)); err != nil {
			t.Fatal(err)
		}
	}

	server = pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	var owners int
	if err := sqlConn(t, server.URLs.Owner).QueryRow(t.Context(), `
		select count(distinct relowner) + count(*) filter (where relowner <> 'patchcord_owner'::regrole)
		from pg_class where relnamespace = 'public'::regnamespace`).Scan(&owners); err != nil || owners != 1 {
		t.Errorf("%d owners too many after the take-over, %v", owners-1, err)
	}
	if m := postgrestest.Migrate(t, server.URLs.Owner); m.Role != postgres.OwnerRole || len(m.Applied) > 0 || len(m.ByHand) > 0 {
		t.Errorf("%+v", m)
	}
	serves(t, server.URLs.App)
	if r := verify(t, openLedger(t, postgrestest.Open(t, server.URLs.App))); !r.OK || r.Rows != 2 {
		t.Errorf("the ledger holds %+v", r)
	}
	for _, name := range []string{"password", "owner.password", "app.password"} {
		if info, err := os.Stat(filepath.Join(home, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}
