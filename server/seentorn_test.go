package server

import (
	"path/filepath"
	"testing"
	"time"
)

// A call that could not be written down is not lost: the next one writes the file anew.
func TestSeenCallsAfterAFailedWrite(t *testing.T) {
	path, now := filepath.Join(t.TempDir(), "calls.seen"), time.Now()
	s, err := OpenSeenCalls(path, now)
	if err != nil {
		t.Fatal(err)
	}
	s.file.Close()
	if err := s.Add(sum{1}, now); err == nil {
		t.Error("a write into a closed file does not fail")
	}
	if err := s.Add(sum{2}, now); err != nil {
		t.Error(err)
	}
	s.Close()
	again, err := OpenSeenCalls(path, now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !again.Has(sum{1}) || !again.Has(sum{2}) {
		t.Errorf("it knows %d calls, want both", len(again.order))
	}
}
