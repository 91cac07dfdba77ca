package service

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"
)

// A spool that can't be written is noticed while nothing waits in it, and so is that it can again; nothing is left in its
// folder.
func TestSpoolProbe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "spool")
		p := &spoolProbe{dir: dir}
		if p.Check() == nil {
			t.Error("a folder that is not there can be written")
		}
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if p.Check() == nil {
			t.Error("it is tried each time that somebody asks")
		}
		time.Sleep(probeEvery)
		if err := p.Check(); err != nil {
			t.Error(err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Errorf("left %v, %v", left, err)
		}
	})
}
