package postgrestest

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Only complete data is kept; what comes back from there is the same, and what is old goes.
func TestDataIsKept(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	old := filepath.Join(cache, "old")
	if err := os.MkdirAll(filepath.Join(dir, "postgres", "data"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "postgres", "password"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(old, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(old, time.Time{}, time.Now().Add(-2*keptFor)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second comes too late
		if err := keep(dir, cache, "key"); err != nil {
			t.Fatal(err)
		}
	}
	if entries, err := os.ReadDir(cache); err != nil || len(entries) != 1 || entries[0].Name() != "key" {
		t.Errorf("kept are %v, %v", entries, err)
	}
	back := t.TempDir()
	if err := copyTree(filepath.Join(cache, "key"), back); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(back, "postgres", "password")); err != nil || string(text) != "secret" {
		t.Errorf("the file has %q, %v", text, err)
	}
	for name, mode := range map[string]os.FileMode{"postgres/data": 0o750, "postgres/password": 0o600} {
		if info, err := os.Stat(filepath.Join(back, name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}
