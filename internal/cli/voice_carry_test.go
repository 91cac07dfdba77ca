package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/remind"
)

// carrying has an agent of each voice, its prompt long once its variables are filled in, and one of each that is given
// more tools by an MCP server than a voice takes.
func carrying(t *testing.T) *bench {
	t.Helper()
	dir := t.TempDir()
	prompt, offers, script := filepath.Join(dir, "prompt.md"), filepath.Join(dir, "offers.json"), filepath.Join(dir, "offering.sh")
	var list []string
	for i := range 129 {
		list = append(list, fmt.Sprintf(`{"name":"t%d","inputSchema":{"type":"object"}}`, i))
	}
	for path, text := range map[string]string{prompt: strings.Repeat("{{name}} ", 80), offers: "[" + strings.Join(list, ",") + "]", script: offeringScript} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	agents := ""
	for _, voice := range config.Voices {
		block := "{seller: riverbend, purpose: informational, voice: " + voice
		if voice == config.VoiceRealtime {
			block += ", realtime: {dialect: localai, url: \"ws://127.0.0.1:1/v1/realtime\"}"
		}
		agents += "  " + voice + ": " + block + fmt.Sprintf(", prompt_file: %q}\n", prompt)
		agents += "  " + voice + "_many: " + block + ", tools: [\"s.*\"]}\n"
	}
	yaml := strings.Replace(benchYAML, "legal_name:", "texts_from: \""+ours+"\", legal_name:", 1)
	yaml = strings.Replace(yaml, "agents:\n", "agents:\n"+agents, 1) + fmt.Sprintf("mcp:\n  s: {command: [sh, %q, %q], sandbox: off}\n", script, offers)
	b := servingWith(t, yaml, evitest.Script())
	if err := b.s.Tools.Tried(t.Context()); err != nil {
		t.Fatal(err)
	}
	return b
}

// What a voice can't be given is refused by each door through which an order comes, before anything is written down or
// anybody's telephone rings: calls back that are asked for in a call, the text that asks about one, its answer, and
// imports. What only another voice can't be given passes.
func TestEachDoorAsksTheVoice(t *testing.T) {
	b := carrying(t)
	to, err := phone.Parse(person)
	from, err2 := phone.Parse(ours)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	many := map[string]string{}
	for i := range 41 {
		many[fmt.Sprint("v", i)] = strings.Repeat("x", 1900)
	}
	models := []string{config.VoiceEVI, config.VoiceRealtime}
	cases := []struct {
		name, suffix string
		variables    map[string]string
		refuse       []string // voices
		field, want  string
	}{
		{"a name", "", map[string]string{"a[b]": "secret"}, config.Voices, "variables", "want a name of a letter"},
		{"too large", "", many, models, "variables", "bytes together: want at most 65536"},
		{"a long prompt", "", map[string]string{"name": strings.Repeat("secret", 160)}, []string{config.VoiceRealtime}, "prompt_file", "bytes with its variables: want at most 65536"},
		{"many tools", "_many", nil, models, "tools", "are 129: want at most 128"},
	}
	scheduled := 0
	for _, x := range cases {
		for _, voice := range config.Voices {
			name := x.name + ", " + voice
			refused := slices.Contains(x.refuse, voice)
			o := call.CallbackOrder{Key: name, At: time.Now().Add(time.Hour),
				Order: call.Order{To: to, From: from, Agent: voice + x.suffix, Purpose: consent.Informational, Variables: x.variables}}
			_, err := service.Callbacks{Service: b.s}.Schedule(t.Context(), o)
			for door, err := range map[string]error{"check": service.Callbacks{Service: b.s}.Check(o), "schedule": err} {
				if (err != nil) != refused || refused && (!strings.Contains(err.Error(), x.field+": ") || !strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), "secret")) {
					t.Errorf("%s, %s: %v", name, door, err)
				}
			}
			if refused {
				if err := (service.Callbacks{Service: b.s}).Ask(t.Context(), o); err == nil {
					t.Errorf("%s: they are asked by a text", name)
				}
			} else {
				scheduled++
			}
			if x.name != "too large" { // the API takes no more than a voice does
				scheduled += b.importsReminder(name, o.Agent, x.variables, refused, x.field, x.want)
			}
		}
	}
	if n := len(b.api.Texts()); n != 0 {
		t.Errorf("%d texts were sent", n)
	}
	list, _, err := b.s.Reminders.List(t.Context(), remind.Filter{To: to, Limit: 100})
	if err != nil || len(list) != scheduled {
		t.Errorf("%d are scheduled, want %d, %v", len(list), scheduled, err)
	}
	if n := len(b.callee.Calls()); n != 0 {
		t.Errorf("it rang %d times", n)
	}
}

// importsReminder imports one line, dry and for good, and returns how many are scheduled.
func (b *bench) importsReminder(name, agent string, variables map[string]string, refused bool, field, want string) int {
	b.Helper()
	columns, values := "to,due_at", person+","+time.Now().Add(2*time.Hour).UTC().Format(time.RFC3339)
	for _, v := range slices.Sorted(maps.Keys(variables)) {
		columns += ",var." + v
		values += "," + variables[v]
	}
	if err := os.WriteFile("reminders.csv", []byte(columns+"\n"+values+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	args := []string{"remind", "import", "reminders.csv", "--agent", agent, "--from", ours}
	for _, args := range [][]string{append(args, "--dry-run"), args} {
		r := bridge(b, args...)
		told := strings.Contains(r.err, "line 2: "+field+": ") && strings.Contains(r.err, want)
		if told != refused || strings.Contains(r.err, "line ") != refused || refused && r.code != exitFailed || strings.Contains(r.out+r.err, "secret") {
			b.Errorf("%s: bridge %s: exit %d\n%s%s", name, strings.Join(args, " "), r.code, r.out, r.err)
		}
	}
	if refused {
		return 0
	}
	return 1
}
