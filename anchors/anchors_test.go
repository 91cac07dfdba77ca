package anchors_test

import (
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/anchors"
	"github.com/patchcord/patchcord/consent"
)

func TestCopiesComeBack(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "a folder", "copies")
	for _, to := range []string{"mem://", (&url.URL{Scheme: "file", Path: folder}).String()} {
		s, err := anchors.Open(t.Context(), to)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 11, 29, 23, 59, 0, 123456000, time.UTC)
		var want []consent.Anchor
		for i := range 4 {
			a := consent.Anchor{Seq: int64(i), Hash: strings.Repeat("0f", 32), At: at.AddDate(0, 0, i/2)}
			want = append(want, a)
			for range 2 { // the same again changes nothing
				if err := s.Put(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got, err := s.Since(t.Context(), at.Add(-time.Hour)); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", to, got, err, want)
		}
		if got, err := s.Since(t.Context(), at.AddDate(0, 0, 1)); err != nil || !slices.Equal(got, want[2:]) {
			t.Errorf("%s, since the second day: %+v, %v", to, got, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	// What else lies in the folder is none.
	if err := os.WriteFile(filepath.Join(folder, "2026-11-30", "notes.json"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := anchors.Open(t.Context(), (&url.URL{Scheme: "file", Path: folder}).String())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got, err := s.Since(t.Context(), time.Time{}); err != nil || len(got) != 4 {
		t.Errorf("beside a stranger: %d, %v", len(got), err)
	}
}

func TestWhereNothingCanBeKept(t *testing.T) {
	for _, to := range []string{"", "anchors", "ftp://host/", "s3://user:secret@\x7f"} {
		s, err := anchors.Open(t.Context(), to)
		if err == nil {
			s.Close()
			t.Errorf("%q was taken", to)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error shows a secret: %v", to, err)
		}
	}
}
