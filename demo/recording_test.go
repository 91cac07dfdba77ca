package demo

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/media"
)

func TestStereo(t *testing.T) {
	caller, agent := []byte{0x00, 0x80, media.Silence}, []byte{0x80}
	w, err := media.ParseWAV(stereo(caller, agent))
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != media.Rate || w.Channels != 2 {
		t.Errorf("the WAV has %d Hz and %d channels, want 8000 and 2", w.Rate, w.Channels)
	}
	// ITU-T G.711: 0x00 is the most negative value, 0x80 the most positive.
	const most = 32124
	want := []int16{-most, most, most, 0, 0, 0}
	if got := decode(w.Data); !slices.Equal(got, want) {
		t.Errorf("samples are %v, want %v: left, right, and silence behind the shorter one", got, want)
	}
}

func TestRecording(t *testing.T) {
	dir := t.TempDir()
	r, err := newRecording(filepath.Join(dir, "a.wav"))
	if err != nil {
		t.Fatal(err)
	}
	for _, content := range []string{"first", "second"} {
		if err := r.write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(r.path); err != nil || !bytes.Equal(b, []byte(content)) {
			t.Errorf("the file holds %q, %v; want %q", b, err, content)
		}
	}
	r.discard()
	if names := list(t, dir); len(names) != 1 || names[0] != "a.wav" {
		t.Errorf("the folder holds %q, want a.wav alone", names)
	}
}

// Where it can't be written, nothing needs to be played first.
func TestRecordingNowhere(t *testing.T) {
	_, err := newRecording(filepath.Join(t.TempDir(), "missing", "a.wav"))
	if err == nil || !strings.Contains(err.Error(), "can't write the WAV") {
		t.Errorf("the error is %v", err)
	}
}

// list is the names in a folder.
func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
