package server

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/patchcord/patchcord/keys"
)

// docs/KEYS.md names each route, the right that it needs and what its use is recorded as.
func TestDocsNameEachRoute(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/KEYS.md")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Config{Keys: &oneKey{}, Reminders: struct{ Reminders }{}, Permits: struct{ Permits }{}, Registry: prometheus.NewRegistry()})
	_, table, _ := strings.Cut(string(page), "| route | right | recorded as |\n|---|---|---|\n")
	table, _, _ = strings.Cut(table, "\n\n")
	var want []string
	for _, rt := range s.routes() {
		want = append(want, fmt.Sprintf("| `%s` | `%s` | %s |", rt.pattern, rt.right, cmp.Or(rt.recorded(), "–")))
	}
	if list := strings.Join(want, "\n"); table != list {
		t.Errorf("the table of routes should be\n%s", list)
	}
	for _, r := range keys.Rights {
		if !strings.Contains(string(page), "\n| `"+string(r)+"` | ") {
			t.Errorf("there is no row of the right %s", r)
		}
	}
}
