package recording

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/media"
)

// A crash leaves a file without its end: all but the newest seconds are in it, and it is
// completed when somebody wants it.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	var left []byte
	inStudio(t, func(s *studio) {
		s.says(0, tone(10_000, 20))
		s.hears(callerSide, 0, tone(10_000, 20))
		var err error
		if left, err = os.ReadFile(filepath.Join(s.folder.dir, "call_1.wav.part")); err != nil {
			t.Fatal(err)
		}
	})
	if w, err := media.ParseWAV(left); err != nil || len(w.Data) < 7*8000*frameBytes { // any reader can read it as it is
		t.Fatalf("%d bytes: %v", len(w.Data), err)
	}
	part := filepath.Join(dir, "call_2.wav.part")
	left = append(left, 1, 2, 3) // a frame that was cut
	if err := os.WriteFile(part, left, 0o600); err != nil {
		t.Fatal(err)
	}
	f := NewFolder(dir)
	other, err := os.Open(part)
	if err == nil {
		err = lock(other)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open("call_2"); !errors.Is(err, ErrLive) {
		t.Errorf("while another process writes it: %v", err)
	}
	other.Close()
	in, err := f.Open("call_2")
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	b, err := io.ReadAll(in)
	if err != nil || len(b) != len(left)-3 || !bytes.Equal(b[media.WAVHeaderSize:],
		left[media.WAVHeaderSize:len(left)-3]) {
		t.Fatalf("%d bytes of %d: %v", len(b), len(left), err)
	}
	if want := header(uint64(len(b) - media.WAVHeaderSize)); !bytes.Equal(b[:len(want)], want) {
		t.Errorf("the header is %x, want %x", b[:len(want)], want)
	}
}

func TestMend(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	f := NewFolder(dir)
	if n, err := f.Mend(); n != 0 || err != nil {
		t.Errorf("without a folder: %d, %v", n, err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, size := range map[string]int{"a.wav.part": 0, "b.wav.part": 44, "c.wav.part": 44 + 4*80, "d.wav": 44} {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	live := f.Record("live", time.Now())
	defer live.End(time.Now(), time.Minute)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if info, err := os.Stat(filepath.Join(dir, "live.wav.part")); err == nil && info.Size() > 0 {
			break
		}
	}
	for _, want := range []int{3, 0} {
		if n, err := f.Mend(); n != want || err != nil {
			t.Errorf("%d mended, want %d: %v", n, want, err)
		}
	}
	for name, want := range map[string]int{"a": 0, "b": 0, "c": 80} {
		b, err := os.ReadFile(filepath.Join(dir, name+".wav"))
		if err != nil {
			t.Fatal(err)
		}
		if got := split(t, b); len(got[1]) != want {
			t.Errorf("%s: %d samples, want %d", name, len(got[1]), want)
		}
	}
}

// A name that leads elsewhere names no recording.
func TestStrangeIDs(t *testing.T) {
	dir := t.TempDir()
	f := NewFolder(filepath.Join(dir, "recordings"))
	os.WriteFile(filepath.Join(dir, "x.wav"), []byte("secret"), 0o600)
	os.Mkdir(filepath.Join(dir, "recordings"), 0o700)
	for _, id := range []string{"../x", "", ".", "..", "a/b", "-x", "x\x00", "+14155550142", strings.Repeat("x", 101)} {
		if _, err := f.Open(id); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", id, err)
		}
		r := f.Record(id, time.Now())
		if err := <-r.Trouble(); !errors.Is(err, ErrNoFile) || strings.Contains(err.Error(), "4155550142") {
			t.Errorf("%q: %v", id, err)
		}
		if err := r.End(time.Now(), time.Minute); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	if list, _ := os.ReadDir(filepath.Join(dir, "recordings")); len(list) != 0 {
		t.Errorf("there are files: %v", list)
	}
}

// One call, one file: none is written over.
func TestNotTwice(t *testing.T) {
	f := NewFolder(t.TempDir())
	first := f.Record("call_1", time.Now())
	first.Stream(time.Now())
	for range 2 { // while it is written, and when it is complete
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
			part, _ := filepath.Glob(filepath.Join(f.dir, "*"))
			if len(part) > 0 || time.Now().After(deadline) {
				break
			}
		}
		again := f.Record("call_1", time.Now())
		if err := <-again.Trouble(); !errors.Is(err, ErrNoFile) || !errors.Is(err, os.ErrExist) {
			t.Errorf("got %v", err)
		}
		again.Caller(0, tone(20, 1), time.Now())
		again.End(time.Now(), time.Minute)
		if err := first.End(time.Now(), time.Minute); err != nil {
			t.Error(err)
		}
	}
	if err := f.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// A folder that can't be made costs the recording, and nothing else.
func TestNoFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "recordings"), nil, 0o600); err != nil { // a file is in the way
		t.Fatal(err)
	}
	f := NewFolder(filepath.Join(dir, "recordings"))
	r := f.Record("call_1", time.Now())
	if err := <-r.Trouble(); !errors.Is(err, ErrNoFile) {
		t.Errorf("got %v", err)
	}
	r.Caller(0, tone(20, 1), time.Now())
	if !r.Pause(time.Now()) {
		t.Error("it can't be paused")
	}
	if err := r.End(time.Now(), time.Minute); err != nil || r.Lost() != 0 {
		t.Errorf("%v, lost %v", err, r.Lost())
	}
}

// A service that stops completes what it records.
func TestClose(t *testing.T) {
	f := NewFolder(t.TempDir())
	r := f.Record("call_1", time.Now())
	if err := f.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if in, err := f.Open("call_1"); err != nil {
		t.Error(err)
	} else {
		in.Close()
	}
	if err := r.End(time.Now(), time.Minute); err != nil {
		t.Error(err)
	}
}

// A service that took all its time to stop has lost no recording where none is left.
func TestCloseOfNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := NewFolder(t.TempDir()).Close(ctx); err != nil {
		t.Error(err)
	}
}

// Beside a call the recorder costs next to nothing: no allocation for a frame.
func TestRecordAllocatesNothing(t *testing.T) {
	r, frame, begun := newRecorder(time.Now()), tone(20, 20), time.Now()
	k := int64(0)
	if n := testing.AllocsPerRun(500, func() {
		at := begun.Add(ms(int(20 * k)))
		r.Caller(20*k, frame, at)
		r.Agent(frame, at, 0)
		if k++; k%50 == 0 {
			for b, _ := r.window.next(20*k*perMS - holdback); b != nil; b, _ = r.window.next(20*k*perMS - holdback) {
				blocks.Put(b)
			}
		}
	}); n > 0.1 {
		t.Errorf("%v allocations a frame", n)
	}
}
