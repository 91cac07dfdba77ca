package recording

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/media"
)

// tone is so many ms of a sound that is told from others by its code.
func tone(ms int, code byte) []byte { return bytes.Repeat([]byte{code}, ms*perMS) }

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }

// studio is a recorder in virtual time, and what must be in its file.
type studio struct {
	*testing.T
	*Recorder
	folder *Folder
	begun  time.Time
	want   [sides][]byte // µ-law, as far as it is known; the rest is silence
}

// inStudio runs a test in virtual time. The recording ends with it, and must be as wanted.
func inStudio(t *testing.T, test func(*studio)) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "recordings")
	synctest.Test(t, func(t *testing.T) {
		s := &studio{T: t, folder: NewFolder(dir), begun: time.Now()}
		s.Recorder = s.folder.Record("call_1", s.begun)
		s.Stream(s.begun)
		test(s)
		now := time.Now()
		if err := s.End(now, time.Minute); err != nil {
			t.Fatal(err)
		}
		s.check(s.read(), now.Sub(s.begun))
	})
}

// read reads the file as anyone else would.
func (s *studio) read() []byte {
	s.Helper()
	f, err := s.folder.Open("call_1")
	if err != nil {
		s.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		s.Fatal(err)
	}
	return b
}

// check compares a file with what is wanted, sample by sample.
func (s *studio) check(b []byte, lasted time.Duration) {
	s.Helper()
	samples := int(lasted / (time.Millisecond / perMS))
	got := split(s.T, b)
	for side, name := range []string{"left", "right"} {
		want := append(bytes.Clone(s.want[side]), bytes.Repeat([]byte{media.Silence}, max(0, samples-len(s.want[side])))...)
		pcm := media.AppendDecodeULaw(nil, want[:samples])
		if len(got[side]) != samples {
			s.Fatalf("%s: %d samples, want %d", name, len(got[side]), samples)
		}
		for i := range pcm {
			if pcm[i] != got[side][i] {
				s.Fatalf("%s: the first sample that differs is at %v: %d, want %d", name,
					time.Duration(i)*time.Millisecond/perMS, got[side][i], pcm[i])
			}
		}
	}
}

// split is the two channels of a WAV.
func split(t *testing.T, b []byte) (channels [sides][]int16) {
	t.Helper()
	w, err := media.ParseWAV(b)
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != 8000 || w.Channels != 2 || w.Headerless || len(w.Data)%frameBytes != 0 {
		t.Fatalf("%d Hz, %d channels, %d bytes", w.Rate, w.Channels, len(w.Data))
	}
	for i := 0; i < len(w.Data); i += 2 {
		side := i / 2 % 2
		channels[side] = append(channels[side], int16(uint16(w.Data[i])|uint16(w.Data[i+1])<<8))
	}
	return channels
}

// hears wants a sound on a side, from then on.
func (s *studio) hears(side int, from time.Duration, ulaw []byte) {
	at := int(from / (time.Millisecond / perMS))
	w := &s.want[side]
	for len(*w) < at+len(ulaw) {
		*w = append(*w, media.Silence)
	}
	copy((*w)[at:], ulaw)
}

// says is the caller saying a sound, in frames of 20 ms as they come. stamp is the timestamp
// of the first.
func (s *studio) says(stamp int64, ulaw []byte) {
	for ; len(ulaw) > 0; ulaw = ulaw[20*perMS:] {
		time.Sleep(ms(20))
		s.Caller(stamp, ulaw[:20*perMS], time.Now())
		stamp += 20
	}
}

func (s *studio) now() time.Duration { return time.Since(s.begun) }
