package pgserver_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
)

// TestPrivateAs runs servers as root would and as an ordinary user would. All
// other tests run as whoever started them.
func TestPrivateAs(t *testing.T) {
	if os.Geteuid() != 0 {
		return // an ordinary user cannot become anyone else; the other tests have shown that one
	}
	open := func(t *testing.T, mode os.FileMode) string {
		dir, err := os.MkdirTemp("", "postgres-test-")
		if err == nil {
			err = os.Chmod(dir, mode)
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		return dir
	}
	owner := func(t *testing.T, dir string) uint32 {
		info, err := os.Stat(filepath.Join(dir, "postgres", "data"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Sys().(*syscall.Stat_t).Uid
	}
	const nobody = 65534

	t.Run("root, in a folder that all may pass through", func(t *testing.T) {
		t.Parallel()
		dir := open(t, 0o711)
		leave(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs)
		if owner(t, dir) == 0 {
			t.Error("the data belongs to root, though another user could have it")
		}
	})
	t.Run("root, in a folder for root alone", func(t *testing.T) {
		t.Parallel()
		dir := open(t, 0o700)
		leave(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs)
		if uid := owner(t, dir); uid != 0 {
			t.Errorf("the data belongs to user %d", uid)
		}
	})
	t.Run("root, in a folder that is closed later and opened again", func(t *testing.T) {
		t.Parallel()
		dir := open(t, 0o711)
		for _, mode := range []os.FileMode{0o711, 0o700, 0o711} {
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			if mode == 0o700 { // its owner can't get to the data, and nobody else is given it
				if _, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir}); err == nil || !strings.Contains(err.Error(), "set DATABASE_URL, or a BRIDGE_DATA_DIR that every user can traverse") {
					t.Errorf("the error is %v; it should say what to do", err)
				}
				continue
			}
			server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
			leave(t, server.URLs)
			find(t, server.URLs)
			if err := server.Stop(); err != nil {
				t.Fatal(err)
			}
		}
	})
	t.Run("root, in another user's folder", func(t *testing.T) {
		t.Parallel()
		dir := open(t, 0o700)
		if err := os.Chown(dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		_, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir})
		if err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("the error is %v; it should say what to do", err)
		}
	})
	t.Run("an ordinary user", func(t *testing.T) {
		t.Parallel()
		dir := open(t, 0o711)
		binary := filepath.Join(dir, "bridge")
		if err := copyFile(binary, os.Args[0]); err != nil {
			t.Fatal(err)
		}
		data := filepath.Join(dir, "data")
		if err := os.Mkdir(data, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(data, nobody, nobody); err != nil {
			t.Fatal(err)
		}
		b := startBridge(t, binary, data, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}})
		leave(t, b.urls)
		b.stdin.Close()
		if err := b.Wait(); err != nil {
			t.Errorf("the bridge ended with %v", err)
		}
		if uid := owner(t, data); uid != nobody {
			t.Errorf("the data belongs to user %d", uid)
		}
	})
}

func copyFile(to, from string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o755)
}
