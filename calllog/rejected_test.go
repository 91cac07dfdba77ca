package calllog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

func TestRejectedChangeDoesNotBlockTheRest(t *testing.T) {
	for _, spooled := range []bool{false, true} {
		t.Run(fmt.Sprintf("spooled=%t", spooled), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				dir := t.TempDir()
				store := newTable()
				store.set(spooled, false)
				w := start(t, WriterConfig{Store: store, Dir: dir, Log: zerolog.New(&log)})
				for seq, text := range []string{"one", "poison that was said", "two", "three", "poison again"} {
					w.Put(said(seq+1, text))
				}
				time.Sleep(time.Second)
				store.set(false, false)
				flush(t, w)
				store.mu.Lock()
				kept := len(store.entries["call"])
				store.mu.Unlock()
				if kept != 3 || w.Rejected() != 2 || w.Stored() != 3 {
					t.Errorf("%d entries are kept, Rejected is %d, Stored is %d; want 3, 2, 3", kept, w.Rejected(), w.Stored())
				}
				path := filepath.Join(dir, "rejected.ndjson")
				raw, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				var c Change
				if err := json.Unmarshal(bytes.SplitN(raw, []byte("\n"), 2)[0], &c); err != nil || c.Entry.Text != "poison that was said" {
					t.Errorf("the first rejected line is %+v, %v", c, err)
				}
				if n := bytes.Count(raw, []byte("\n")); n != 2 {
					t.Errorf("%d lines are rejected, want 2", n)
				}
				wantMode(t, path, 0o600)
				if !strings.Contains(log.String(), "SQLSTATE 22P05") || strings.Contains(log.String(), "said") {
					t.Errorf("the log should hold the reason and not the speech:\n%s", log.String())
				}
			})
		})
	}
}
