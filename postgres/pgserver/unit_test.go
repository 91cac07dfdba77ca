package pgserver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// install makes a folder with programs that say they are of some version.
func install(t *testing.T, root, name, version string, programs ...string) {
	t.Helper()
	dir := filepath.Join(root, name, "bin")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range programs {
		script := "#!/bin/sh\necho '" + program + " (PostgreSQL) " + version + "'\n"
		if err := os.WriteFile(filepath.Join(dir, program), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestChooseBinaries(t *testing.T) {
	root := t.TempDir()
	install(t, root, "14", "14.19", "initdb", "postgres")
	install(t, root, "16", "16.3", "initdb", "postgres")
	install(t, root, "17", "17.1 (Debian 17.1-1)", "initdb", "postgres")
	install(t, root, "18", "18.0", "postgres") // a client package
	install(t, root, "19", "unknown", "initdb", "postgres")
	inPath := t.TempDir()
	install(t, inPath, "15", "15.14", "initdb", "postgres")
	linked := t.TempDir() // as Homebrew does it
	if err := os.Symlink(filepath.Join(root, "16/bin/postgres"), filepath.Join(linked, "postgres")); err != nil {
		t.Fatal(err)
	}
	usual := filepath.Join(root, "*", "bin")

	for _, c := range []struct {
		name, path, folder string
		major              int
		want               string // the folder, or a part of the error
	}{
		{"the newest", "", usual, 0, root + "/17/bin"},
		{"the one in PATH before a newer", inPath + "/15/bin", usual, 0, inPath + "/15/bin"},
		{"a link in PATH leads to the others of its kind", linked, usual, 0, root + "/16/bin"},
		{"the version that made the data", inPath + "/15/bin", usual, 16, root + "/16/bin"},
		{"that version is gone", "", usual, 15, "created by Postgres 15, but version 17 is installed"},
		{"none", "", filepath.Join(root, "14", "bin"), 0, "apt-get install postgresql"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			got, err := chooseBinaries(t.Context(), []string{c.folder}, c.major)
			if err != nil && strings.Contains(err.Error(), c.want) {
				return
			}
			want, evalErr := filepath.EvalSymlinks(c.want)
			if evalErr != nil {
				want = c.want
			}
			if err != nil || got.dir != want {
				t.Errorf("chose %q, %v; want %q", got.dir, err, want)
			}
		})
	}
}

func TestPidFile(t *testing.T) {
	for content, want := range map[string]pidFile{
		"12\n/d\n1\n5433\n\n127.0.0.1\n1 2\nready   \n": {12, 5433, true},
		"12\n/d\n1\n5433\n\n127.0.0.1\n1 2\nstarting\n": {12, 5433, false},
		"12\n/d\n": {12, 0, false}, // it is still being written
		"":         {},
		"-1\n":     {},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(pidPath(dir), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readPidFile(dir); got != want || (err == nil) != (want.pid > 0) {
			t.Errorf("%q is read as %+v, %v; want %+v", content, got, err, want)
		}
	}
}
