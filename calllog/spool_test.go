package calllog

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
)

func wantMode(t *testing.T, path string, want os.FileMode) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != want {
		t.Errorf("%s has mode %o, want %o", filepath.Base(path), got, want)
	}
}

func TestSpoolIsForItsOwnerAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "spool")
	start(t, WriterConfig{Store: newTable(), Dir: dir})
	wantMode(t, dir, 0o700)
	wantMode(t, filepath.Join(dir, "calls.ndjson"), 0o600)
}

func TestSpoolOutlivesAKill(t *testing.T) {
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), doomed+"="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "spooled\n" {
		t.Errorf("the child said %q, %v", line, err)
	}
	child.Process.Kill()
	child.Wait()

	store := newTable()
	w := start(t, WriterConfig{Store: store, Dir: dir})
	w.Put(said(100, "line 100, written again"))
	flush(t, w)
	texts := store.texts("call")
	if len(texts) != 100 || texts[0] != "line 1" || texts[99] != "line 100, written again" {
		t.Errorf("after the kill, %d entries are stored: %q", len(texts), texts)
	}
}

// What a crash or a bad disk leaves in the spool costs that line, not the rest.
func TestBrokenLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		dir := t.TempDir()
		spool := `{"call_id":"call","entry":{"seq":1,"at_ms":0,"kind":"note","text":"one"}}` + "\n" +
			`{"call_id":"call","entry":{"seq":2,` + "\n" +
			`{"call_id":"call","entry":{"seq":2,"at_ms":0,"kind":"note","text":"two"}}` + "\n" +
			`{"call_id":"call","entry":{"seq":3,"at_ms":0,"kind":"note","text":"half a sec`
		if err := os.WriteFile(filepath.Join(dir, "calls.ndjson"), []byte(spool), 0o600); err != nil {
			t.Fatal(err)
		}
		store := newTable()
		w := start(t, WriterConfig{Store: store, Dir: dir, Log: zerolog.New(&log)})
		w.Put(said(3, "three"))
		flush(t, w)
		wantTexts(t, store, "one", "two", "three")
		if w.Rejected() != 1 {
			t.Errorf("Rejected is %d, want 1", w.Rejected())
		}
		raw, err := os.ReadFile(filepath.Join(dir, "rejected.ndjson"))
		if err != nil || string(raw) != `{"call_id":"call","entry":{"seq":2,`+"\n" {
			t.Errorf("rejected.ndjson holds %q, %v", raw, err)
		}
		if !strings.Contains(log.String(), "half-written") || strings.Contains(log.String(), "half a sec") {
			t.Errorf("the log should tell of the half-written line without its content:\n%s", log.String())
		}
	})
}

func TestSpoolInUse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		start(t, WriterConfig{Store: newTable(), Dir: dir})
		if w, err := NewWriter(WriterConfig{Store: newTable(), Dir: dir}); err == nil {
			w.Close(t.Context())
			t.Error("two writers share a spool")
		}
	})
}

func TestFullSpoolRefusesTheNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		store := newTable()
		store.set(true, false)
		w := start(t, WriterConfig{Store: store, Log: zerolog.New(&log)})
		w.spool.limit = 1000 // bytes; about eleven of these entries
		for seq := 1; seq <= 20; seq++ {
			w.Put(said(seq, fmt.Sprintf("entry %02d", seq)))
			time.Sleep(30 * time.Millisecond)
		}
		kept := w.Spooled()
		if kept < 5 || kept > 15 || w.Lost() != int64(20-kept) {
			t.Errorf("of 20 changes %d are spooled and %d lost", kept, w.Lost())
		}
		if n := strings.Count(log.String(), "call log: entry lost"); n != 1 {
			t.Errorf("%d log lines tell of the loss, want 1", n)
		}
		store.set(false, false)
		flush(t, w)
		if got := len(store.texts("call")); got != kept {
			t.Errorf("%d entries are stored, want the %d that were spooled", got, kept)
		}
		w.Put(said(21, "room again"))
		flush(t, w)
		if w.Lost() != int64(20-kept) {
			t.Error("a change is lost though there is room")
		}
	})
}

// Without a disk, memory does what it can.
func TestBrokenDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newTable()
		store.set(true, false)
		w := start(t, WriterConfig{Store: store, Queue: 5})
		w.spool.limit = 0
		for seq := 1; seq <= 8; seq++ {
			w.Put(said(seq, fmt.Sprint(seq)))
		}
		time.Sleep(time.Second)
		if w.Lost() != 3 || w.Spooled() != 0 {
			t.Errorf("Lost is %d and Spooled %d, want 3 and 0", w.Lost(), w.Spooled())
		}
		store.set(false, false)
		flush(t, w)
		wantTexts(t, store, "1", "2", "3", "4", "5")
	})
}

// Whoever empties the file under a running writer loses what was in it, and
// does not get a writer that spins.
func TestSpoolIsCutByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, store := t.TempDir(), newTable()
		store.set(true, false)
		w := start(t, WriterConfig{Store: store, Dir: dir})
		w.Put(said(1, "one"))
		time.Sleep(100 * time.Millisecond)
		if err := os.Truncate(filepath.Join(dir, "calls.ndjson"), 0); err != nil {
			t.Fatal(err)
		}
		store.set(false, false)
		time.Sleep(10 * time.Second)
		if got := len(store.attempts); got != 1 || w.Spooled() != 1 {
			t.Errorf("%d attempts, %d spooled; want the first attempt alone, and the loss still to be seen", got, w.Spooled())
		}
	})
}
