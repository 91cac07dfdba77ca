package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/hume/humetest"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

const syncYAML = `sellers:
  s: {legal_name: S LLC}
agents:
  support:
    seller: s
    evi: {config_id: %s}
    prompt_file: support.md
    tools: [order_status, end_call, calendar.book]
  quiet: {seller: s}
tools:
  order_status:
    description: Look up an order.
    parameters: {type: object, properties: {order_id: {type: string, maxLength: 20}, lines: {type: integer}}, required: [order_id]}
    http: {url: "http://127.0.0.1:1/"}
    failure: The order system is down.
mcp:
  calendar: {url: "http://127.0.0.1:1/mcp"}
`

// hosted is an account with a configuration, and a folder that names it.
func hosted(t *testing.T) (*humetest.Server, string) {
	t.Helper()
	s := humetest.NewServer("hume-key")
	t.Cleanup(s.Close)
	other := s.Add("tools", map[string]any{"name": "weather", "parameters": `{"type":"object"}`})
	id := s.Add("configs", map[string]any{"name": "Front desk", "evi_version": "3", "voice": map[string]any{"provider": "HUME_AI", "name": "EXAMPLE VOICE"},
		"prompt": map[string]any{"text": "You answer the phone."}, "tools": []any{map[string]any{"id": other}}, "builtin_tools": []any{map[string]any{"name": "hang_up"}},
		"timeouts": map[string]any{"inactivity": map[string]any{"enabled": true, "duration_secs": 60}}, "interruption": map[string]any{"min_interruption_ms": 250},
		"webhooks": []any{map[string]any{"url": "https://bridge.example/hume/webhook", "events": []any{"chat_ended"}}}})
	configtest.In(t, map[string]string{".env": "HUME_API_KEY=hume-key\nHUME_API_URL=" + s.URL() + "\n", "bridge.yaml": fmt.Sprintf(syncYAML, id), "support.md": "Be brief.\n"})
	return s, id
}

func syncTools(more ...string) []string { return append([]string{"tools", "sync"}, more...) }

func TestSyncCreatesThenFindsAllTheSame(t *testing.T) {
	s, _ := hosted(t)
	dry := exits(t, exitDone, syncTools("--dry-run"), "+ tool           order_status  create", "+ tool           end_call", "+ prompt         patchcord-support", "! tool           calendar.book  left out", "MCP",
		"~ configuration  Front desk  new version: + tool order_status, + tool end_call, ~ prompt patchcord-support", "not in the plan, left unchanged: tools: weather", "tools in Front desk: weather", "3 to create, 1 new version(s)", "dry run")
	if w := s.Writes(); len(w) != 0 {
		t.Errorf("a dry run wrote %v", w)
	}
	refused := exits(t, exitUsage, syncTools(), "--yes")
	if w := s.Writes(); len(w) != 0 || strings.Contains(refused.out+dry.out, "hume-key") {
		t.Errorf("unasked, it wrote %v", w)
	}
	exits(t, exitDone, syncTools("--yes"), "done      tool order_status is version 0", "done      prompt patchcord-support", "done      configuration Front desk is version 1")
	if w := s.Writes(); len(w) != 4 {
		t.Errorf("it wrote %v", w)
	}
	exits(t, exitDone, syncTools("--yes"), "= tool           order_status", "= configuration  Front desk", "nothing to change")
	if w := s.Writes(); len(w) != 4 {
		t.Errorf("the second run wrote %v", w[4:])
	}
}

// What a configuration has beside tools and prompt is in its next version, too.
func TestSyncKeepsTheRestOfAConfiguration(t *testing.T) {
	s, _ := hosted(t)
	exits(t, exitDone, syncTools("--yes"))
	versions := s.Versions("configs", "Front desk")
	if len(versions) != 2 {
		t.Fatalf("%d versions", len(versions))
	}
	was, is := versions[0], versions[1]
	for _, field := range []string{"name", "evi_version", "voice", "builtin_tools", "timeouts", "interruption", "webhooks", "language_model", "nudges"} {
		a, _ := json.Marshal(was[field])
		b, _ := json.Marshal(is[field])
		if string(a) != string(b) {
			t.Errorf("%s was %s and is %s", field, a, b)
		}
	}
	b, _ := json.Marshal([]any{is["tools"], is["prompt"]})
	for _, want := range []string{`"name":"weather"`, `"version_type":"LATEST"`, `"name":"order_status"`, `"name":"end_call"`, `"text":"Be brief."`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("nothing of %s in %s", want, b)
		}
	}
}

func TestSyncOfAChangedPromptMakesOneVersion(t *testing.T) {
	s, _ := hosted(t)
	exits(t, exitDone, syncTools("--yes"))
	before := len(s.Writes())
	if err := os.WriteFile("support.md", []byte("Be brief, and kind."), 0o600); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, syncTools("--yes"), "= tool           order_status", "~ prompt         patchcord-support  new version: text", "~ configuration  Front desk  new version: ~ prompt patchcord-support")
	if n := len(s.Versions("prompts", "patchcord-support")); n != 2 {
		t.Errorf("the prompt has %d versions", n)
	}
	if w := s.Writes()[before:]; len(w) != 2 || w[0].Path != s.Writes()[before].Path || !strings.HasPrefix(w[1].Path, "/configs/") {
		t.Errorf("it wrote %v", w)
	}
	last := s.Versions("configs", "Front desk")[2]["prompt"].(map[string]any)
	if last["version"] != 1 || last["text"] != "Be brief, and kind." {
		t.Errorf("the configuration names %v", last)
	}
}

// The account may write a schema in its own way.
func TestSyncComparesParametersAsJSON(t *testing.T) {
	s, _ := hosted(t)
	id := s.Add("tools", map[string]any{"name": "order_status", "description": "Look up an order.", "fallback_content": "The order system is down.",
		"parameters": "{ \"required\": [\"order_id\"],\n \"properties\": {\"lines\": {\"type\": \"integer\"}, \"order_id\": {\"maxLength\": 2e1, \"type\": \"string\"}}, \"type\": \"object\" }"})
	exits(t, exitDone, syncTools("--yes"), "= tool           order_status")
	if n := len(s.Versions("tools", "order_status")); n != 1 {
		t.Errorf("the tool has %d versions", n)
	}
	changed := strings.Replace(string(must(os.ReadFile("bridge.yaml"))), "maxLength: 20", "maxLength: 21", 1)
	changed = strings.Replace(changed, "is down.", "is closed.", 1)
	if err := os.WriteFile("bridge.yaml", []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, syncTools("--yes"), "~ tool           order_status  new version: parameters, fallback_content", "is version 1, "+id)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A step that fails leaves the rest for the next run, which repeats nothing.
func TestSyncGoesOnAfterAFailure(t *testing.T) {
	s, _ := hosted(t)
	s.Fail(humetest.Failure{Method: http.MethodPost, Path: "/prompts", Status: http.StatusBadRequest})
	exits(t, exitFailed, syncTools("--yes"), "done      tool end_call", "done      tool order_status", "not done  prompt patchcord-support", "not done  configuration Front desk", "400", "run it again")
	if n := len(s.Versions("configs", "Front desk")); n != 1 {
		t.Errorf("the configuration has %d versions", n)
	}
	exits(t, exitDone, syncTools("--yes"), "= tool           order_status", "+ prompt         patchcord-support", "done      configuration Front desk is version 1")
	for _, name := range []string{"order_status", "end_call"} {
		if n := len(s.Versions("tools", name)); n != 1 {
			t.Errorf("%s has %d versions", name, n)
		}
	}
}
