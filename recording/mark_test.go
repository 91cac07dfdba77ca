package recording

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/media"
)

// chunk is one of a RIFF file.
type chunk struct {
	id   string
	body []byte
}

// chunks reads a RIFF file as the format says, to its last byte.
func chunks(t *testing.T, b []byte) (list []chunk) {
	t.Helper()
	le := binary.LittleEndian
	if len(b) < 12 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WAVE" || int(le.Uint32(b[4:])) != len(b)-8 {
		t.Fatalf("%d bytes begin with %q", len(b), b[:min(12, len(b))])
	}
	for rest := b[12:]; len(rest) > 0; {
		if len(rest) < 8 || len(rest) < 8+int(le.Uint32(rest[4:])) {
			t.Fatalf("%d bytes are left behind %d chunks", len(rest), len(list))
		}
		n := int(le.Uint32(rest[4:]))
		list = append(list, chunk{string(rest[:4]), rest[8 : 8+n]})
		rest = rest[8+n+n%2:]
	}
	return list
}

// comment is the ICMT of a file's LIST of form INFO; empty if there is none.
func comment(t *testing.T, b []byte) string {
	t.Helper()
	for _, c := range chunks(t, b) {
		if c.id != "LIST" || string(c.body[:4]) != "INFO" {
			continue
		}
		sub := c.body[4:]
		n := binary.LittleEndian.Uint32(sub[4:])
		if string(sub[:4]) != "ICMT" || int(n) != len(sub)-8 {
			t.Fatalf("the list is %q", c.body)
		}
		text, rest, ends := bytes.Cut(sub[8:], []byte{0})
		if !ends || len(bytes.Trim(rest, "\x00")) > 0 {
			t.Fatalf("the comment is %q", sub[8:])
		}
		return string(text)
	}
	return ""
}

// Who wants no recording gets none from then on, and the file says so itself. It is complete at
// once, and nothing that comes later changes it.
func TestStop(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &studio{T: t, folder: NewFolder(dir), begun: time.Now()}
		s.Recorder = s.folder.Record("call_1", s.begun)
		s.Stream(s.begun)
		s.says(0, tone(3000, 20))
		s.hears(callerSide, 0, tone(3000, 20))
		s.Agent(tone(1000, 50), time.Now(), -1) // still to be heard
		if !s.Stop(time.Now()) || s.Stop(time.Now()) {
			t.Error("it is stopped once")
		}
		<-s.done
		b := s.read()
		s.check(b, 3*time.Second)
		if got := comment(t, b); got != "recording stopped at the caller's request after 3000 ms" {
			t.Errorf("the comment is %q", got)
		}
		s.Stream(time.Now())
		s.says(3000, tone(2000, 21))
		if s.Resume(time.Now()) || s.Pause(time.Now()) {
			t.Error("it goes on")
		}
		if err := s.End(time.Now(), time.Minute); err != nil || !bytes.Equal(s.read(), b) {
			t.Errorf("after the call's end: %v", err)
		}
		var none *Recorder
		if none.Stop(time.Now()) {
			t.Error("a call that is not recorded is stopped")
		}
	})
}

// A recording that nobody stopped has no mark.
func TestNoMark(t *testing.T) {
	inStudio(t, func(s *studio) {
		s.says(0, tone(1000, 20))
		s.hears(callerSide, 0, tone(1000, 20))
		if err := s.End(time.Now(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if list := chunks(t, s.read()); len(list) != 2 || list[1].id != "data" {
			t.Errorf("the chunks are %q", list)
		}
	})
}

// Wherever a crash cuts the completion of a stopped recording, its sound and its mark are there
// when it is read.
func TestAMarkOutlivesACrash(t *testing.T) {
	const size = 800 * frameBytes
	whole := append(markedHeader(size), bytes.Repeat([]byte{1, 2, 3, 4}, 800)...)
	end := len(whole)
	whole = append(whole, mark(size)...)
	for _, cut := range []int{end, end + 1, end + 20, len(whole)} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "call_1.wav.part"), whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		in, err := NewFolder(dir).Open("call_1")
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(in)
		if err = errors.Join(err, in.Close()); err != nil || !bytes.Equal(b, whole) {
			t.Errorf("cut at %d of %d bytes: %d are read, %v", cut, len(whole), len(b), err)
		}
	}
	if got := comment(t, whole); got != "recording stopped at the caller's request after 100 ms" {
		t.Errorf("the comment is %q", got)
	}
	if w, err := media.ParseWAV(whole); err != nil || len(w.Data) != size {
		t.Errorf("our own reader finds %d bytes of sound, %v", len(w.Data), err)
	}
}
