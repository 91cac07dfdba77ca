package pgserver_test

import (
	neturl "net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
)

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
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
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
	server = pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	find(t, server.URLs)
	passwords := map[string]bool{}
	for _, url := range []string{before.App, before.Owner, before.Superuser, server.URLs.App, server.URLs.Owner, server.URLs.Superuser} {
		passwords[password(t, url)] = true
	}
	if len(passwords) != 5 {
		t.Errorf("there are %d passwords, want one each, and two new ones", len(passwords))
	}
	lost, err := neturl.Parse(server.URLs.App)
	if err != nil {
		t.Fatal(err)
	}
	lost.User = neturl.UserPassword(postgres.AppRole, password(t, before.App))
	if db, err := postgres.Open(t.Context(), lost.String()); err == nil {
		db.Close()
		t.Error("the password that was lost still opens the database")
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(home, "password")); err != nil {
		t.Fatal(err)
	}
	if p, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir}); err == nil {
		p.Stop()
		t.Error("a server starts whose superuser's password is lost")
	}
}
