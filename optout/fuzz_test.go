package optout_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/optout"
)

func FuzzSpeech(f *testing.F) {
	for _, name := range []string{"said_refusals.txt", "said_harmless.txt", "said_preferences.txt"} {
		for _, s := range every(lines(f, name)) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := optout.Speech(s)
		if m != optout.Speech(" "+s+"\n") {
			t.Error("space around it changes what it means")
		}
		if optout.Speech(s+". Please stop calling me.").Kind != optout.Refusal && utf8.ValidString(s) {
			t.Error("something said before takes a later stop back")
		}
		if optout.Speech("Stop calling me. "+s).Kind != optout.Refusal {
			t.Error("something said later takes an earlier stop back")
		}
		now := time.Date(2026, 12, 2, 15, 20, 0, 0, time.UTC)
		if at, ok := m.When.NotBefore(now); ok && (at.Before(now) || at.After(now.AddDate(100, 0, 0))) {
			t.Errorf("no calls before %s", at)
		}
		optout.Joined(s, s)
		optout.Echo(s, s+s)
	})
}

func FuzzText(f *testing.F) {
	for _, name := range []string{"text_refusals.txt", "text_harmless.txt"} {
		for _, s := range every(lines(f, name)) {
			f.Add(s)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := optout.Text(s).Kind == optout.Refusal
		if out && (optout.Help(s) || optout.Start(s)) {
			t.Error("it opts out, and asks for help or begins again")
		}
		if out != (optout.Text("\n "+s+" ").Kind == optout.Refusal) {
			t.Error("space around it changes what it means")
		}
	})
}

// What is long takes its time in proportion, and of more than 64 KiB the ends alone are read.
func TestLong(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"do not ", "stop ", "no ", "to you me want ", "call me, ", "x", "any more of these ",
		"hasta el ", "5 pm ", "é", "“", ". "} {
		text := strings.Repeat(word, (64<<10)/everyNth/len(word))
		begun := time.Now()
		optout.Speech(text)
		optout.Text(text)
		optout.Joined(text, text)
		optout.Echo(text, text)
		if took := time.Since(begun); took > 30*time.Second {
			t.Errorf("64 KiB of %q took %v", word, took)
		}
	}
	long := strings.Repeat("The weather is fine. ", 10000)
	for _, s := range []string{"Stop calling me. " + long, long + "Stop calling me."} {
		if optout.Speech(s).Kind != optout.Refusal {
			t.Error("the end of a long text is not read")
		}
	}
	unpunctuated := strings.Repeat("and so the weather is fine ",
		40) + "please stop calling me " + strings.Repeat("and so the weather is fine ", 40)
	if optout.Speech(unpunctuated).Kind != optout.Refusal {
		t.Error("the middle of a sentence without a stop is not read")
	}
}

func BenchmarkSpeech(b *testing.B) {
	optout.Speech("")
	b.ReportAllocs()
	for b.Loop() {
		optout.Speech("Well, I was wondering whether you could tell me a little more about what the appointment on " +
			"Thursday is for, because I don't remember.")
	}
}
