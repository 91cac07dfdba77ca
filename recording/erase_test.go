package recording

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What is of a call is deleted, what a crash left of it, too; others' stays, and so does what
// somebody still writes, until they are done.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 100), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"call_1.wav", "call_1.message-1.wav", "call_1.message-12.wav", "call_2.wav.part",
		"call_3.wav.part", "call_11.wav", "call_11.message-1.wav", "notes.txt"} {
		write(name)
	}
	writer, err := os.Open(filepath.Join(dir, "call_3.wav.part"))
	if err == nil {
		err = lock(writer)
	}
	if err != nil {
		t.Fatal(err)
	}
	f := NewFolder(dir)
	ids, err := f.Calls()
	if want := []string{"call_1", "call_11", "call_2", "call_3"}; err != nil || !slices.Equal(ids, want) {
		t.Errorf("there are %q, %v", ids, err)
	}
	erase := []string{"call_1", "call_2", "call_3", "nobody"}
	n, err := f.Erase(erase)
	if n != (Erased{Recordings: 2, Messages: 2}) || !errors.Is(err, ErrLive) {
		t.Errorf("%+v, %v", n, err)
	}
	writer.Close()
	n, err = f.Erase(erase)
	if n != (Erased{Recordings: 1}) || err != nil {
		t.Errorf("%+v, %v", n, err)
	}
	left, err := f.files()
	if want := []string{"call_11.message-1.wav", "call_11.wav", "notes.txt"}; err != nil || !slices.Equal(left, want) {
		t.Errorf("left are %q, %v", left, err)
	}
	if n, err := NewFolder(filepath.Join(dir, "none")).Erase(erase); n != (Erased{}) || err != nil {
		t.Errorf("of no folder: %+v, %v", n, err)
	}
}
