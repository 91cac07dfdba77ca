package config

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/agent"
)

// Each budget can be set, and what isn't set has its default: the figures of the documents.
func TestBudgetSettings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]agent.Budgets{
		"{}": {Message: 65536, Echo: 262144, Emotions: 64, EntriesMinute: 40, Entries: 20000, InterimsMinute: 1200, ToolsMinute: 60, Tools: 1000},
		"{message: 4096, echo: 65536, emotions: 48, entries_per_minute: 30, entries: 500, interims_per_minute: 600, tool_calls_per_minute: 5, tool_calls: 50}": {Message: 4096, Echo: 65536, Emotions: 48,
			EntriesMinute: 30, Entries: 500, InterimsMinute: 600, ToolsMinute: 5, Tools: 50},
	} {
		var l budgetsBlock
		if err := yaml.Unmarshal([]byte(text), &l); err != nil {
			t.Fatal(err)
		}
		if got := l.Budgets().WithDefaults(); got != want {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
		a := AgentBlock{Budgets: l}
		c := &Config{File: &File{}}
		if got := c.Dialer(VoiceEVI, a, "").(*agent.EVI).Budgets.WithDefaults(); got != want {
			t.Errorf("EVI has %+v", got)
		}
		if got := c.Dialer(VoiceRealtime, a, "").(*agent.Realtime).Budgets.WithDefaults(); got != want {
			t.Errorf("realtime has %+v", got)
		}
	}
	f, problems := ParseFile([]byte("agents:\n  a:\n    budgets: {message: 4095, echo: 8388609, emotions: 0, entries_per_minute: -1, entries: 99, interims_per_minute: 59, tool_calls_per_minute: 601, tool_calls: 0}\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	k := &checker{f: f}
	k.budgets("a", f.Agents["a"].Budgets)
	for i, want := range []string{"message: want 4096 to 1048576", "echo: want 65536 to 8388608", "emotions: want 1 to 256", "entries_per_minute: want 10 to 1000",
		"entries: want 100 to 100000", "interims_per_minute: want 60 to 10000", "tool_calls_per_minute: want 1 to 600", "tool_calls: want 1 to 10000"} {
		if len(k.problems) != 8 || !strings.Contains(k.problems[i].Error(), "line 3: agents.a.budgets."+want) {
			t.Fatalf("got %q, want one about %s", k.problems, want)
		}
	}
}
