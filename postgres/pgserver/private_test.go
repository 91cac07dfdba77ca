package pgserver_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/pgserver"
	"github.com/patchcord/patchcord/postgres/pgserver/pgservertest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// leave writes something that a later find looks for.
func leave(t *testing.T, urls pgserver.URLs) {
	t.Helper()
	postgrestest.Migrate(t, urls.Owner)
	db := postgrestest.Open(t, urls.App)
	if err := db.SetNext(t.Context(), "CA1", postgres.Next{Document: "<Response/>"}); err != nil {
		t.Fatal(err)
	}
	db.Close()
}

func find(t *testing.T, urls pgserver.URLs) {
	t.Helper()
	db := postgrestest.Open(t, urls.App)
	defer db.Close()
	next, found, err := db.TakeNext(t.Context(), "CA1")
	if err != nil || !found || next.Document != "<Response/>" {
		t.Errorf("after the restart TakeNext is %q, %t, %v", next.Document, found, err)
	}
}

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * time.Second); ; <-tick.C {
		if !pgservertest.Alive(pid) {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("process %d still runs", pid)
		}
	}
}

// TestPrivate tests one server after another way of treating it. Each has a
// folder with a database that was made before, since making one is slow.
func TestPrivate(t *testing.T) {
	made := t.TempDir()
	if err := pgservertest.Start(t, pgserver.PrivateConfig{Dir: made}).Stop(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]func(t *testing.T, dir string){
		"wants its password":                wantsItsPassword,
		"is alone in its folder":            isAlone,
		"tells that it ended":               tellsThatItEnded,
		"can be stopped when halted":        stopsWhenHalted,
		"removes an unfinished database":    removesUnfinished,
		"doubts a reused process number":    doubtsReusedNumber,
		"ends with a bridge that is killed": endsWithKilledBridge,
		"starts right after a kill":         startsRightAfterKill,
		"starts over a halted server":       startsOverHalted,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			copyTree(t, filepath.Join(made, "postgres"), dir)
			test(t, dir)
		})
	}
}

// copyTree copies a folder into another, with owners and modes.
func copyTree(t *testing.T, from, into string) {
	t.Helper()
	if out, err := exec.Command("cp", "-Rp", from, into).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func TestPrivateKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data") // not there yet
	first := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir, Sync: true})
	leave(t, first.URLs)
	select {
	case <-first.Done():
		t.Error("Done is closed while the server runs")
	default:
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	<-first.Done()
	if err := first.Stop(); err != nil {
		t.Errorf("the second Stop: %v", err)
	}

	second := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir, Sync: true})
	find(t, second.URLs)
	home := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		home = 0o711 // the server's user has to get through
	}
	for name, want := range map[string]os.FileMode{"": home, "password": 0o600, "owner.password": 0o600, "app.password": 0o600, "data": 0o700} {
		info, err := os.Stat(filepath.Join(dir, "postgres", name))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("postgres/%s: mode %v, %v; want %v", name, info.Mode(), err, want)
		}
	}
}

func wantsItsPassword(t *testing.T, dir string) {
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	u, err := url.Parse(server.URLs.App)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(u.User.Username(), "guessed")
	if db, err := postgres.Open(t.Context(), u.String()); err == nil {
		db.Close()
		t.Error("a wrong password opens the database")
	}
	if u.Hostname() != "127.0.0.1" {
		t.Errorf("the server listens on %s", u.Hostname())
	}
}

func isAlone(t *testing.T, dir string) {
	if _, err := pgserver.FindPrivate(dir); err == nil {
		t.Error("FindPrivate finds a server where none runs")
	}
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	if _, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{Dir: dir}); !errors.Is(err, pgserver.ErrInUse) {
		t.Errorf("a second server in one folder: %v, want ErrInUse", err)
	}
	if urls, err := pgserver.FindPrivate(dir); err != nil || urls != server.URLs {
		t.Errorf("FindPrivate: %v, or other addresses", err)
	}
	postgrestest.Open(t, server.URLs.App) // it still runs
}

func tellsThatItEnded(t *testing.T, dir string) {
	var log bytes.Buffer
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir, Log: zerolog.New(&log)})
	syscall.Kill(pgservertest.Postmaster(t, dir), syscall.SIGQUIT)
	<-server.Done()
	if !strings.Contains(log.String(), "postgres: the private server exited") {
		t.Errorf("the log is silent about it: %q", log.String())
	}
}

func stopsWhenHalted(t *testing.T, dir string) {
	server := pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir})
	pgservertest.Halt(t, pgservertest.Postmaster(t, dir))
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// An initdb that was killed leaves its folder.
func removesUnfinished(t *testing.T, dir string) {
	home := filepath.Join(dir, "postgres")
	if err := os.RemoveAll(filepath.Join(home, "data")); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(home, "new-123", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	postgrestest.Open(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs.App)
	if left, _ := filepath.Glob(filepath.Join(home, "new-*")); len(left) > 0 {
		t.Errorf("%q are left", left)
	}
}

// A container gives the same few process numbers to other programs each time.
func doubtsReusedNumber(t *testing.T, dir string) {
	data := filepath.Join(dir, "postgres", "data")
	stale := fmt.Sprintf("%d\n%s\n1\n5432\n\n127.0.0.1\n0 0\nready\n", os.Getpid(), data)
	if err := os.WriteFile(filepath.Join(data, "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	postgrestest.Open(t, pgservertest.Start(t, pgserver.PrivateConfig{Dir: dir}).URLs.App)
}

func TestPrivateStartIsBounded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := pgserver.StartPrivate(ctx, pgserver.PrivateConfig{Dir: t.TempDir()}); err == nil {
		t.Error("a start whose context has ended succeeds")
	}
	if _, err := pgserver.StartPrivate(t.Context(), pgserver.PrivateConfig{}); err == nil {
		t.Error("a start without a folder succeeds")
	}
}
