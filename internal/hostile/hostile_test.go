package hostile

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

// The fixture holds what it is for: an input that a change makes harmless is no input.
func TestTexts(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	names := map[string]bool{}
	for _, in := range Texts() {
		if names[in.Name] {
			t.Errorf("%s: twice", in.Name)
		}
		names[in.Name] = true
		all.WriteString(in.Text)
	}
	for _, want := range []string{"\x1b", "\x00", "\x9b", "\u009b", "\u202e", "\u2066", "\u2028", "\r\n", "\b", "\x7f", "\xff"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no text has %q", want)
		}
	}
	for _, in := range Words() {
		if strings.ContainsAny(in.Text, "\r\n") {
			t.Errorf("%s: a word has a line end", in.Name)
		}
	}
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	of := map[string]string{}
	for _, in := range JSON() {
		of[in.Name] = in.Text
	}
	var keys map[string]int
	if err := json.Unmarshal([]byte(of["100,000 keys"]), &keys); err != nil || len(keys) != ManyKeys {
		t.Errorf("%d keys, %v", len(keys), err)
	}
	if got := strings.Count(of["deep objects"], "{"); got != Deep {
		t.Errorf("%d levels", got)
	}
	if len(of["a text of 16 MiB"]) < Huge {
		t.Error("the text is too short")
	}
	for _, in := range CSV("to,name") {
		if in.Name == "NUL" && in.Text != "to,name\na\x00b,a\x00b\n" {
			t.Errorf("CSV: %q", in.Text)
		}
	}
	if len(YAML()) == 0 || len(Large()) == 0 {
		t.Error("there are none")
	}
}

// What is filled in arrives as it is, where JSON can carry it.
func TestFill(t *testing.T) {
	t.Parallel()
	for _, in := range Texts() {
		var got struct{ A string }
		text := Fill(`{"a":%}`, in.Text)
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Errorf("%s: %v", in.Name, err)
		} else if utf8.ValidString(in.Text) && got.A != in.Text {
			t.Errorf("%s: %q arrives as %q", in.Name, in.Text, got.A)
		} else if !utf8.ValidString(in.Text) && utf8.ValidString(text) {
			t.Errorf("%s: the document is valid UTF-8", in.Name)
		}
	}
}

func TestSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		if b, err := io.ReadAll(NewSlow("abc", time.Second)); string(b) != "abc" || err != nil || time.Since(begun) != 3*time.Second {
			t.Errorf("%q, %v after %v", b, err, time.Since(begun))
		}
		slow, stalled := NewSlow("abc", time.Hour), NewStalled("ab")
		time.AfterFunc(time.Minute, func() { slow.Close(); stalled.Close() })
		if b, err := io.ReadAll(slow); len(b) != 0 || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("closed: %q, %v", b, err)
		}
		if b, err := io.ReadAll(stalled); string(b) != "ab" || !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("stalled: %q, %v", b, err)
		}
	})
}
