package consent

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lines reads a file of utterances.
func lines(t testing.TB, name string) []string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "words", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var list []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if !strings.HasPrefix(s.Text(), "#") {
			list = append(list, s.Text())
		}
	}
	return list
}

// variants is other ways in which the same words arrive.
func variants(s string) []string {
	return []string{s, strings.ToUpper(s), "  " + s + "\t", strings.ReplaceAll(s, "'", "’"), strings.TrimRight(s, ".!?"), "Um, " + s, s + " Okay?", "Hello. " + s}
}

func TestWordsThatOptOut(t *testing.T) {
	t.Parallel()
	list := lines(t, "optout.txt")
	if len(list) < 60 {
		t.Errorf("only %d utterances", len(list))
	}
	for _, s := range list {
		for _, v := range variants(s) {
			if !OptOut(v) {
				t.Errorf("no opt-out: %q %v", v, sentences(v))
			}
			if !TextOptOut(v) {
				t.Errorf("no opt-out as a text: %q", v)
			}
		}
	}
}

func TestWordsThatDoNot(t *testing.T) {
	t.Parallel()
	list := lines(t, "harmless.txt")
	if len(list) < 60 {
		t.Errorf("only %d utterances", len(list))
	}
	for _, s := range list {
		for _, v := range variants(s) {
			if OptOut(v) {
				t.Errorf("an opt-out: %q %v, by %s", v, sentences(v), which(v))
			}
		}
	}
}

// which names the phrase that was found.
func which(text string) string {
	for _, s := range sentences(text) {
		if f := outPhrases.find(s); f != nil {
			var b strings.Builder
			for _, e := range f.is {
				b.WriteString(" " + strings.Join(e.words[:min(2, len(e.words))], "|"))
			}
			return b.String()
		}
	}
	return "bare stop"
}

func TestTextsThatOptOut(t *testing.T) {
	t.Parallel()
	for _, s := range lines(t, "text_optout.txt") {
		if !TextOptOut(s) || !TextOptOut(strings.ToLower(s)) {
			t.Errorf("no opt-out: %q %v", s, sentences(s))
		}
		if TextHelp(s) {
			t.Errorf("%q asks for help", s)
		}
	}
	for _, s := range lines(t, "text_harmless.txt") {
		if TextOptOut(s) {
			t.Errorf("an opt-out: %q %v, by %s", s, sentences(s), which(s))
		}
	}
}

func TestTextsThatAskForHelp(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"HELP": true, "help!": true, " Help please ": true, "INFO": true, "Ayuda": true, "": false, "STOP": false,
		"help me move my appointment": false, "Can you help?": false, "information about parking": false} {
		if TextHelp(s) != want {
			t.Errorf("TextHelp(%q) is %v", s, !want)
		}
	}
}

func FuzzOptOut(f *testing.F) {
	for _, name := range []string{"optout.txt", "harmless.txt"} {
		for _, s := range lines(f, name) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := OptOut(s)
		if out != OptOut(" "+s+"\n") {
			t.Error("space around it changes what it means")
		}
		if out && !TextOptOut(s) {
			t.Error("what opts out when said does not when written")
		}
		if !OptOut(s + ". Please stop calling me.") {
			t.Error("something said before takes a later stop back")
		}
		if !OptOut("Stop calling me. " + s) {
			t.Error("something said later takes an earlier stop back")
		}
	})
}

func FuzzTextOptOut(f *testing.F) {
	for _, name := range []string{"text_optout.txt", "text_harmless.txt"} {
		for _, s := range lines(f, name) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		if TextOptOut(s) && TextHelp(s) {
			t.Error("it asks for help and opts out")
		}
		if TextOptOut(s) != TextOptOut("\n "+s+" ") {
			t.Error("space around it changes what it means")
		}
	})
}

func BenchmarkOptOut(b *testing.B) {
	for b.Loop() {
		OptOut("Well, I was wondering whether you could tell me a little more about what the appointment on Thursday is for, because I don't remember.")
	}
}
