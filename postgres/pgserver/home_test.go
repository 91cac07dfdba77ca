package pgserver_test

import (
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
)

// The server runs as another user than root, and what that user can put into its folders
// makes root give away, write or read nothing.
func TestPrivateFollowsNoLink(t *testing.T) {
	if os.Geteuid() != 0 {
		return // there is nothing of root's to give away
	}
	made := passable(t)
	if err := pgservertest.Start(t, pgserver.PrivateConfig{Dir: made}).Stop(); err != nil {
		t.Fatal(err)
	}
	for name, plant := range map[string]func(t *testing.T, home, victim string) (starts bool){
		"a second name of a root file in the data": func(t *testing.T, home, victim string) bool {
			must(t, os.Link(victim, filepath.Join(home, "data", "x")))
			return true
		},
		"a link to a root file in the data": func(t *testing.T, home, victim string) bool {
			must(t, os.Symlink(victim, filepath.Join(home, "data", "x")))
			return true
		},
		"a link for a folder of the data": func(t *testing.T, home, victim string) bool {
			must(t, os.Rename(filepath.Join(home, "data"), filepath.Join(home, "elsewhere")))
			must(t, os.Symlink(filepath.Dir(victim), filepath.Join(home, "data")))
			return false
		},
		"a link for the lock": func(t *testing.T, home, victim string) bool {
			must(t, os.Remove(filepath.Join(home, "lock")))
			must(t, os.Symlink(victim+".new", filepath.Join(home, "lock")))
			return false
		},
		"a link for a password": func(t *testing.T, home, victim string) bool {
			must(t, os.Remove(filepath.Join(home, "app.password")))
			must(t, os.Symlink(victim, filepath.Join(home, "app.password")))
			return false
		},
		"a second name of a root file for a password": func(t *testing.T, home, victim string) bool {
			must(t, os.Remove(filepath.Join(home, "app.password")))
			must(t, os.Link(victim, filepath.Join(home, "app.password")))
			return false
		},
		"a link for all of it": func(t *testing.T, home, victim string) bool {
			must(t, os.RemoveAll(home))
			must(t, os.Symlink(filepath.Dir(victim), home))
			return false
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, victims := passable(t), passable(t) // a second name needs the same file system
			copyTree(t, filepath.Join(made, "postgres"), dir)
			home, victim := filepath.Join(dir, "postgres"), filepath.Join(victims, "victim")
			must(t, os.WriteFile(victim, []byte("root's own"), 0o600))
			starts := plant(t, home, victim)
			server, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir})
			if (err == nil) != starts {
				t.Errorf("the start: %v", err)
			}
			if err == nil {
				must(t, server.Stop())
			}
			info, err := os.Stat(victim)
			must(t, err)
			b, err := os.ReadFile(victim)
			must(t, err)
			if info.Sys().(*syscall.Stat_t).Uid != 0 || info.Mode().Perm() != 0o600 || string(b) != "root's own" {
				t.Errorf("root's file is now %v, of user %d, with %q", info.Mode(), info.Sys().(*syscall.Stat_t).Uid, b)
			}
			if left, err := os.ReadDir(victims); err != nil || len(left) != 1 {
				t.Errorf("root made files for somebody: %v, %v", left, err)
			}
		})
	}
}

// An earlier version gave the whole folder to the server's user. Root takes back what is
// not the data, and the data is still there.
func TestPrivateTakesBackWhatItGaveAway(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	dir := passable(t)
	first := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	leave(t, first.URLs)
	must(t, first.Stop())
	home := filepath.Join(dir, "postgres")
	server, err := user.Lookup("postgres")
	must(t, err)
	uid, err := strconv.Atoi(server.Uid)
	must(t, err)
	for _, name := range []string{"", "lock", "password", "app.password", "owner.password"} {
		must(t, os.Chown(filepath.Join(home, name), uid, -1))
	}
	must(t, os.Chmod(home, 0o700))

	second := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	find(t, second.URLs)
	for name, want := range map[string]int{"": 0, "lock": 0, "password": 0, "app.password": 0, "owner.password": 0, "data": uid} {
		info, err := os.Lstat(filepath.Join(home, name))
		must(t, err)
		if got := int(info.Sys().(*syscall.Stat_t).Uid); got != want {
			t.Errorf("postgres/%s belongs to user %d, want %d", name, got, want)
		}
	}
}

// A folder of somebody else, who is not the server's user, is not taken from them.
func TestPrivateTakesNobodysFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		return
	}
	const stranger = 12345
	dir := passable(t)
	home := filepath.Join(dir, "postgres")
	must(t, os.Mkdir(home, 0o700))
	must(t, os.Chown(home, stranger, stranger))
	_, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "belongs to user 12345; run as that user") {
		t.Errorf("the start: %v", err)
	}
	info, err := os.Stat(home)
	must(t, err)
	if got := info.Sys().(*syscall.Stat_t).Uid; got != stranger || info.Mode().Perm() != 0o700 {
		t.Errorf("it belongs to user %d now, with mode %v", got, info.Mode())
	}
}

// passable is a folder that all may pass through, so that the server runs as its own user.
func passable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "postgres-test-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o711))
	return dir
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
