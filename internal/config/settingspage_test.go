package config

import (
	flags "flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flags.Bool("update", false, "write the table of docs/SETTINGS.md")

// settingsTable is the page's table.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| variable | default | meaning |\n|---|---|---|\n")
	for _, s := range Settings() {
		shown := "–"
		if s.Default != "" {
			shown = "`" + s.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, shown, s.About)
	}
	return b.String()
}

// The table of docs/SETTINGS.md is the one that the settings make. go generate writes it.
func TestSettingsPage(t *testing.T) {
	const page, begin, end = "../../docs/SETTINGS.md", "<!-- settings -->\n", "<!-- end of settings -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("%s lacks %q or %q", page, begin, end)
	}
	want := settingsTable()
	if *update {
		if err := os.WriteFile(page, []byte(before+begin+want+end+after), 0o644); err != nil { //nolint:gosec // a page for all to read
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("%s is not what the settings say: run go generate in the folder of the settings. Want\n%s", page, want)
	}
}
