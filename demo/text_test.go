package demo

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// talk plays a short call to an audience: all kinds of lines, and news of earlier ones.
func talk(s *textShow) {
	agent := func(seq int, at int64, text string, h calllog.Heard) {
		s.entry("", 0, calllog.Entry{Seq: seq, AtMS: at, Kind: calllog.KindAgent, Text: text, Heard: h})
	}
	s.note(0, "somebody calls")
	agent(1, 40, "Thanks for calling Riverbend Dental. I'm an AI assistant, and this call is recorded.", calllog.HeardNo)
	s.advance(time.Second)
	s.entry("", 0, calllog.Entry{Seq: 2, AtMS: 6200, Kind: calllog.KindCaller, Text: "Where is my order?"})
	s.note(5500*time.Millisecond, "the caller begins to speak over the opening")
	agent(1, 40, "Thanks for calling Riverbend Dental. I'm an AI assistant, and this call is recorded.", calllog.HeardFull)
	s.entry("", 0, calllog.Entry{Seq: 3, AtMS: 7000, Kind: calllog.KindTool, Name: "order_status", Arguments: json.RawMessage(`{"order_id":"A17"}`)})
	s.entry("", 0, calllog.Entry{Seq: 3, AtMS: 7000, Kind: calllog.KindTool, Name: "order_status", Arguments: json.RawMessage(`{"order_id":"A17"}`), Result: `{"shipped":"Tuesday"}`, MS: 603})
	agent(4, 7100, "", calllog.HeardNo)
	agent(4, 7100, "It shipped on Tuesday.", calllog.HeardNo)
	agent(5, 8000, "By the way, a long story.", calllog.HeardNo)
	s.advance(9 * time.Second)
	s.entry("", 0, calllog.Entry{Seq: 6, AtMS: 9300, Kind: calllog.KindInterruption})
	agent(4, 7100, "It shipped on Tuesday.", calllog.HeardPartly)
	s.advance(11 * time.Second)
	s.entry("", 0, calllog.Entry{Seq: 7, AtMS: 11000, Kind: calllog.KindDTMF, Digit: "9"})
	s.entry("", 0, calllog.Entry{Seq: 8, AtMS: 11100, Kind: calllog.KindMark, Name: "m1"})
	s.entry("", 0, calllog.Entry{Seq: 9, AtMS: 11200, Kind: calllog.KindReconnect, Voice: voiceEVI})
	agent(10, 11300, "Goodbye.", calllog.HeardNo)
	s.result(result{OK: false, Late: 700, WAV: "/tmp/a.wav", Claims: []claim{
		{"one", "something is so", true, "1 of 1"},
		{"two", "something else is so", false, "it was not, and the reason takes more than a line"},
	}})
}

// still is a textShow whose clock stands: rows appear when the test says so.
func still(t *testing.T, s screen) (*textShow, *strings.Builder) {
	var out strings.Builder
	show := newTextShow(&out, s)
	close(show.stop)
	show.wg.Wait()
	return show, &out
}

// Off a terminal every line is written once, when all is known of it, and plainly.
func TestTextPlain(t *testing.T) {
	show, out := still(t, screen{width: 80})
	talk(show)
	show.kept(kept{Env: []string{"PUBLIC_URL=http://127.0.0.1:1234", "BRIDGE_API_TOKEN=secret"}, Call: "call_1", Folder: "/tmp/demo"})
	golden(t, "plain.txt", out.String())
	if strings.Contains(out.String(), "\x1b") {
		t.Error("there are escape codes in text that is not for a terminal")
	}
}

// playScenes plays two scenes of a play: what the ledger has, a call that was placed, and a
// refusal.
func playScenes(s *textShow) {
	at := func(sec float64) time.Duration { return time.Duration(sec * float64(time.Second)) }
	s.say("The demo's policy switches calling hours off.")
	s.scene("Dana agreed")
	grant := consent.Fact{Seq: 1, Type: consent.Grant, Source: "web_form", Purposes: []consent.Purpose{consent.Informational}}
	s.fact(0, "Dana", grant)
	s.fact(0, "Dana", consent.Fact{Seq: 2, Type: consent.NumberFact, LineType: "wireless", State: "CA", Reassigned: consent.No, DateParam: "2026-11-15"})
	s.note(at(0.1), "a reminder is set")
	allowed := &consent.Decision{Outcome: consent.Allow, Results: make([]consent.Result, 55)}
	s.fact(at(2), "Dana", consent.Fact{Seq: 3, Type: consent.Decided, Stage: consent.StageDial, Decision: allowed})
	s.fact(at(2), "Dana", consent.Fact{Seq: 4, Type: consent.Permitted, PermitStatus: consent.PermitMinted})
	s.fact(at(3.1), "Dana", consent.Fact{Seq: 5, Type: consent.Decided, Stage: consent.StageAnswer, Decision: allowed})
	s.entry("Dana", at(2), calllog.Entry{Seq: 1, AtMS: 1300, Kind: calllog.KindAgent, Text: "This is Riverbend.", Heard: calllog.HeardFull})
	s.fact(at(5), "Dana", consent.Fact{Seq: 6, Type: consent.OpeningPlayed})
	s.entry("Dana", at(2), calllog.Entry{Seq: 2, AtMS: 4000, Kind: calllog.KindCaller, Text: "Hello?"})
	s.entry("Dana", at(2), calllog.Entry{Seq: 3, AtMS: 5000, Kind: calllog.KindAgent, Text: "Goodbye."})
	s.fact(at(7.5), "Dana", consent.Fact{Seq: 7, Type: consent.Permitted, PermitStatus: consent.PermitEnded, Outcome: "caller_hung_up"})
	s.scene("Sam must not be called")
	s.fact(0, "Sam", consent.Fact{Seq: 8, Type: consent.Revoke, Source: "sms"})
	s.fact(0, "Sam", consent.Fact{Seq: 9, Type: consent.DNCAdd, Source: "sms"})
	s.fact(0, "Sam", consent.Fact{Seq: 10, Type: consent.Scrub, List: consent.ListNational, VersionDate: "2026-11-22", Result: consent.Yes})
	s.fact(0, "Sam", consent.Fact{Seq: 11, Type: consent.OptOutInCall, Trigger: "speech", Words: "Stop."})
	s.fact(0, "Sam", consent.Fact{Seq: 12, Type: consent.Preference})
	no := func(rule, reason string) consent.Result {
		return consent.Result{Rule: rule, Reason: reason, Status: consent.Fail, Effect: consent.EffectBlock}
	}
	s.fact(at(0.1), "Sam", consent.Fact{Seq: 13, Type: consent.Decided, Decision: &consent.Decision{Outcome: consent.Deny,
		Results: []consent.Result{no("revoked", "the person opted out on 2026-09-01; only a renewed consent lifts this"), no("dnc.internal", "on the seller's list")}}})
	s.note(at(0.2), "POST /v1/calls answers 403 after 16 ms; nothing rings, and nobody is troubled")
	s.result(result{OK: true, WAV: "/tmp/a.wav", Claims: []claim{{"one", "something is so", true, "1 of 1"}}})
	s.kept(kept{Env: []string{"PUBLIC_URL=http://127.0.0.1:1234", "BRIDGE_API_TOKEN=secret"}, Call: "call_1", Look: []string{"/v1/consent/verify"}, Folder: "/tmp/demo"})
}

// A play of several scenes has titles, and clocks that begin anew.
func TestTextScenes(t *testing.T) {
	show, out := still(t, screen{width: 80})
	playScenes(show)
	golden(t, "scenes.txt", out.String())
}

// On a terminal what is known later is put into the line that is there already; the
// result is the same to look at.
func TestTextLive(t *testing.T) {
	plain, want := still(t, screen{width: 80})
	talk(plain)
	for _, s := range []screen{{width: 80, height: 40, live: true}, {width: 80, height: 40, live: true, colour: true}} {
		live, out := still(t, s)
		talk(live)
		if !strings.Contains(out.String(), "\x1b[2A") {
			t.Errorf("no line of the terminal was corrected: %q", out.String())
		}
		if got := strings.Contains(out.String(), "\x1b[32m"); got != s.colour {
			t.Errorf("there are colours: %v, want %v", got, s.colour)
		}
		if diff := cmp.Diff(want.String(), terminal(out.String())); diff != "" {
			t.Errorf("what the terminal shows differs (-plain +terminal):\n%s", diff)
		}
	}
}

// A line that has left the screen at its top can't be corrected, and is left alone.
func TestTextScrolledAway(t *testing.T) {
	live, out := still(t, screen{width: 80, height: 1, live: true})
	talk(live)
	if strings.Contains(out.String(), "A\r") {
		t.Errorf("the cursor moves above the screen: %q", out.String())
	}
}

func TestTextBrokenOff(t *testing.T) {
	var out strings.Builder
	show := newTextShow(&out, screen{width: 80})
	show.note(0, "somebody calls")
	show.close()
	if !strings.Contains(out.String(), "somebody calls") {
		t.Errorf("what had happened is not shown: %q", out.String())
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", []string{""}},
		{"one", []string{"one"}},
		{"one two three", []string{"one two", "three"}},
		{"three fourfive", []string{"three", "fourfive"}},
		{"abcdefghijkl m", []string{"abcdefgh", "ijkl m"}},
		{"→→→→ ……… é", []string{"→→→→ ………", "é"}},
	} {
		if diff := cmp.Diff(tt.want, wrap(tt.text, 8)); diff != "" {
			t.Errorf("wrap(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

// terminal is what is to be seen in the end of what was written to a terminal.
func terminal(written string) string {
	lines, at := []string{""}, 0
	for i := 0; i < len(written); i++ {
		switch rest := written[i:]; rest[0] {
		case '\n':
			if at++; at == len(lines) {
				lines = append(lines, "")
			}
		case '\r':
			lines[at] = ""
		case '\x1b':
			end := strings.IndexAny(rest, "ABKm")
			n := 0
			for _, digit := range rest[2:end] {
				n = 10*n + int(digit-'0')
			}
			switch rest[end] {
			case 'A':
				at -= n
			case 'B':
				at += n
			}
			i += end
		default:
			lines[at] += rest[:1]
		}
	}
	return strings.Join(lines, "\n")
}

// golden compares with a file in testdata; UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestShowOptions(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	show := newShow(Options{Out: f})
	defer show.close()
	if s, ok := show.(*textShow); !ok || s.screen.live || s.screen.colour {
		t.Errorf("a file is shown to as %+v", show)
	}
	js := newShow(Options{Out: f, JSON: true})
	js.note(1500*time.Millisecond, "a")
	js.entry("", 0, calllog.Entry{Seq: 3, Kind: calllog.KindCaller, Text: "b"})
	js.scene("c")
	js.fact(time.Second, "Dana", consent.Fact{Seq: 1, Type: consent.Revoke})
	js.result(result{Type: "result", Figures: figures{ClearMS: math.Pi}})
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for line := range strings.Lines(string(b)) {
		var object struct{ Type string }
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		types = append(types, object.Type)
	}
	if diff := cmp.Diff([]string{"stage", "entry", "scene", "fact", "result"}, types); diff != "" {
		t.Errorf("types (-want +got):\n%s", diff)
	}
}
