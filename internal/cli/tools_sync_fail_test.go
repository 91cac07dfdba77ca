package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/hume/humetest"
)

// What is lost on the way back is looked for, and not made twice.
func TestSyncLooksForWhatWasLost(t *testing.T) {
	s, _ := hosted(t)
	s.Fail(humetest.Failure{Method: http.MethodPost, Path: "/tools", Done: true}, // the connection breaks off
		humetest.Failure{Method: http.MethodPost, Path: "/prompts", Done: true, Status: http.StatusBadGateway},
		humetest.Failure{Method: http.MethodPost, Path: "/configs", Done: true, Status: http.StatusGatewayTimeout, Body: "<html>"})
	exits(t, exitDone, syncTools("--yes"), "done      tool end_call", "done      prompt patchcord-support is version 0", "done      configuration Front desk is version 1")
	for kind, name := range map[string]string{"tools": "end_call", "prompts": "patchcord-support"} {
		if n := len(s.Versions(kind, name)); n != 1 {
			t.Errorf("%s has %d versions", name, n)
		}
	}
	if n := len(s.Versions("configs", "Front desk")); n != 2 {
		t.Errorf("the configuration has %d versions", n)
	}
	exits(t, exitDone, syncTools("--yes"), "nothing to change")
}

// What is lost on the way there is the request was not repeated in a row either.
func TestSyncStopsWhereNothingIsCertain(t *testing.T) {
	s, _ := hosted(t)
	s.Fail(humetest.Failure{Method: http.MethodPost, Path: "/configs", Status: http.StatusBadGateway})
	exits(t, exitFailed, syncTools("--yes"), "not done  configuration Front desk", "502", "it is not in the account, and the request was not repeated", "the request was not repeated", "run it again")
	posts := 0
	for _, w := range s.Writes() {
		if strings.HasPrefix(w.Path, "/configs") {
			posts++
		}
	}
	if posts != 1 {
		t.Errorf("%d posts", posts)
	}
	exits(t, exitDone, syncTools("--yes"), "0 to create, 1 new version(s)", "done      configuration Front desk is version 1")
}

func TestSyncWaitsWhenItIsAskedTo(t *testing.T) {
	s, _ := hosted(t)
	s.Fail(humetest.Failure{Method: http.MethodGet, Status: http.StatusServiceUnavailable}, humetest.Failure{Method: http.MethodGet}, humetest.Failure{Method: http.MethodPost, Status: http.StatusTooManyRequests, RetryAfter: "1"})
	exits(t, exitDone, syncTools("--yes"), "done      configuration")
	if w := s.Writes(); len(w) != 5 {
		t.Errorf("%d writes, the one that was too many among them", len(w))
	}
	s.Fail(humetest.Failure{Method: http.MethodGet, Status: http.StatusTooManyRequests, RetryAfter: "600"})
	exits(t, exitFailed, syncTools("--dry-run"), "in 10m0s")
}

func TestSyncSaysWhatIsWrongWithTheAccount(t *testing.T) {
	s, id := hosted(t)
	for _, status := range []int{http.StatusNotFound, http.StatusGone} {
		s.Fail(humetest.Failure{Method: http.MethodGet, Status: status})
		exits(t, exitFailed, syncTools("--dry-run"), "offer this API", "2026-11-13")
	}
	yaml := string(must(os.ReadFile("bridge.yaml")))
	for _, tt := range []struct {
		name, value string
		code        int
		says        []string
	}{
		{"HUME_API_KEY", "another", exitFailed, []string{"rejects HUME_API_KEY", "401"}},
		{"HUME_API_URL", "http://127.0.0.1:1", exitFailed, []string{"http://127.0.0.1:1 does not answer"}},
		{"HUME_API_URL", "ws://127.0.0.1:1", exitUsage, []string{"HUME_API_URL"}},
	} {
		t.Run(tt.value, func(t *testing.T) {
			t.Setenv(tt.name, tt.value)
			if r := exits(t, tt.code, syncTools("--dry-run"), tt.says...); strings.Contains(r.err, "another") {
				t.Error("the key is told")
			}
		})
	}
	write(t, "bridge.yaml", strings.Replace(yaml, id, "2f0c1f9e-0000-4000-8000-000000000000", 1))
	exits(t, exitUsage, syncTools("--yes"), "line 6: agents.support.evi.config_id: not in the account: configuration 2f0c1f9e")
	if w := s.Writes(); len(w) != 0 {
		t.Errorf("it wrote %v", w)
	}
	exits(t, exitUsage, syncTools("--agent", "nobody"), "unknown agent nobody")
	write(t, ".env", "")
	exits(t, exitUsage, syncTools(), "HUME_API_KEY: required to read the account")
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Two agents may share a configuration: its tools are both agents', its prompt neither's.
func TestSyncOfASharedConfiguration(t *testing.T) {
	s, id := hosted(t)
	yaml := string(must(os.ReadFile("bridge.yaml")))
	write(t, "bridge.yaml", strings.Replace(yaml, "  quiet: {seller: s}\n", "  night: {seller: s, evi: {config_id: "+id+"}, prompt_file: night.md, tools: [stop_calling, order_status]}\n", 1))
	write(t, "night.md", "Whisper.")
	exits(t, exitDone, syncTools("--yes", "--agent", "night"), "+ tool           order_status", "+ prompt         patchcord-night", "+ tool stop_calling", "!", "its prompt: agents with different prompts share it, and it can name only one; each call sends its agent's prompt")
	if got := s.Versions("configs", "Front desk"); len(got) != 2 || len(s.Versions("tools", "end_call")) != 0 || len(s.Versions("prompts", "patchcord-support")) != 0 {
		t.Errorf("got %v", got)
	}
	exits(t, exitDone, syncTools("--yes"), "= tool           order_status  (night, support)", "+ prompt         patchcord-support", "~ configuration  Front desk  new version: + tool end_call  (night, support)")
	versions := s.Versions("configs", "Front desk")
	if was, is := fmt.Sprint(versions[0]["prompt"]), fmt.Sprint(versions[2]["prompt"]); was != is || !strings.Contains(is, "You answer the phone.") {
		t.Errorf("the prompt was %s and is %s", was, is)
	}
}

// Of two tools with one name, it is the one that the configuration names.
func TestSyncOfTwins(t *testing.T) {
	s, id := hosted(t)
	same := map[string]any{"name": "order_status", "description": "Look up an order.", "parameters": `{"type":"object"}`}
	s.Add("tools", same)
	second := s.Add("tools", same)
	desk := s.Add("configs", map[string]any{"name": "Desk", "evi_version": "4-mini", "tools": []any{map[string]any{"id": second, "version": 0}}})
	write(t, "bridge.yaml", strings.Replace(string(must(os.ReadFile("bridge.yaml"))), id, desk, 1))
	exits(t, exitDone, syncTools("--yes"), "is version 1, "+second, "order_status (another one with this name)", "~ tool order_status")
}

func TestSyncAsJSON(t *testing.T) {
	s, _ := hosted(t)
	s.Fail(humetest.Failure{Method: http.MethodPost, Path: "/prompts", Status: http.StatusForbidden})
	r := exits(t, exitFailed, syncTools("--json", "--yes"))
	counts := map[string]int{}
	var last map[string]any
	for line := range strings.Lines(r.out) {
		last = nil
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		counts[fmt.Sprint(last["event"])]++
	}
	if r.err != "" || fmt.Sprint(counts) != "map[beside:3 done:2 not_done:2 plan:5 sum:1]" || last["not_done"] != 2.0 || last["created"] != 3.0 || !strings.Contains(fmt.Sprint(last["error"]), "403") {
		t.Errorf("got %v, %v\n%s%s", counts, last, r.out, r.err)
	}
}

func TestConfirmed(t *testing.T) {
	for answer, want := range map[string]bool{"y\n": true, "YES\n": true, " y ": true, "": false, "\n": false, "n\n": false, "yup\n": false, strings.Repeat("y", 5000): false} {
		var out bytes.Buffer
		if got := confirmed(strings.NewReader(answer), &out, "Do it?"); got != want || out.String() != "Do it? [y/N] " {
			t.Errorf("%.10q: %v, asked %q", answer, got, out.String())
		}
	}
}
