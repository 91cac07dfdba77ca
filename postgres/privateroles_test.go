package postgres_test

import (
	neturl "net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// An older program knew one role, the superuser, who owned all tables; its password
// lay alone in the folder.
func TestPrivateTakesOverFromAnOlderProgram(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startPrivate(t, postgres.PrivateConfig{Dir: dir})
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

	server = startPrivate(t, postgres.PrivateConfig{Dir: dir})
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

func password(t *testing.T, url string) string {
	t.Helper()
	u, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	p, _ := u.User.Password()
	return p
}

// Each role has its own password, and one that is lost, or was restored from another
// day, is made anew.
func TestPrivatePasswords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startPrivate(t, postgres.PrivateConfig{Dir: dir})
	leave(t, server.URLs)
	before := server.URLs
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(dir, "postgres")
	for name, text := range map[string]string{"owner.password": "of another day", "app.password": ""} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	server = startPrivate(t, postgres.PrivateConfig{Dir: dir})
	find(t, server.URLs)
	passwords := map[string]bool{}
	for _, url := range []string{before.App, before.Owner, before.Superuser, server.URLs.App, server.URLs.Owner, server.URLs.Superuser} {
		passwords[password(t, url)] = true
	}
	if len(passwords) != 5 {
		t.Errorf("there are %d passwords, want one each, and two new ones", len(passwords))
	}
	if db, err := postgres.Open(t.Context(), withRole(t, server.URLs.App, postgres.AppRole, password(t, before.App))); err == nil {
		db.Close()
		t.Error("the password that was lost still opens the database")
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "password")); err != nil {
		t.Fatal(err)
	}
	if p, err := postgres.StartPrivate(t.Context(), postgres.PrivateConfig{Dir: dir}); err == nil {
		p.Stop()
		t.Error("a server starts whose superuser's password is lost")
	}
}
