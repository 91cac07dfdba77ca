package optout_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/optout"
)

// lines reads a file of utterances.
func lines(t testing.TB, name string) (list []string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if text := s.Text(); text != "" && !strings.HasPrefix(text, "#") {
			list = append(list, text)
		}
	}
	if len(list) == 0 {
		t.Fatalf("%s has no utterances", name)
	}
	return list
}

// every thins out cases by everyNth.
func every[T any](all []T) (some []T) {
	for i := 0; i < len(all); i += everyNth {
		some = append(some, all[i])
	}
	return some
}

// variants is other ways in which the same words arrive.
func variants(s string) []string {
	return []string{s, strings.ToUpper(s), "  " + s + "\t", strings.ReplaceAll(s, "'", "’"), strings.TrimRight(s, ".!?"),
		"Um, " + s, s + " Okay?", "Hello. " + s, strings.ToLower(strings.TrimRight(s, ".!?"))}
}

func TestSpeech(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]optout.Kind{
		"said_refusals.txt":      optout.Refusal,
		"said_harmless.txt":      optout.None,
		"said_preferences.txt":   optout.Preference,
		"said_wrong_numbers.txt": optout.WrongNumber,
	} {
		for _, s := range every(lines(t, file)) {
			for _, v := range variants(s) {
				if got := optout.Speech(v); got.Kind != want {
					t.Errorf("%q is %q, want %q", v, got.Kind, want)
				}
			}
		}
	}
}

func TestTexts(t *testing.T) {
	t.Parallel()
	for file, refusal := range map[string]bool{"text_refusals.txt": true, "text_harmless.txt": false} {
		for _, s := range every(lines(t, file)) {
			for _, v := range []string{s, strings.ToLower(s), "\n " + s + " "} {
				if got := optout.Text(v); (got.Kind == optout.Refusal) != refusal {
					t.Errorf("%q is %q", v, got.Kind)
				}
			}
			if refusal && (optout.Help(s) || optout.Start(s)) {
				t.Errorf("%q asks for help, or begins again", s)
			}
		}
	}
}
