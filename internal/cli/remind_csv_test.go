package cli

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLineOfCSV(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		line  map[string]string
		want  string // of the due time; empty if the line is wrong
		wrong string // fields
	}{
		{"a time with its offset", map[string]string{"to": "+14155550142", "due_at": "2026-11-24T10:00:00-08:00"}, "2026-11-24T18:00:00Z", ""},
		{"a time in the zone of its line", map[string]string{"to": "(415) 555-0142", "due_at": "2026-11-24 10:00", "zone": "America/New_York"}, "2026-11-24T15:00:00Z", ""},
		{"a time of nowhere", map[string]string{"to": "4155550142", "due_at": "2026-11-24 10:00"}, "", "due_at"},
		{"a time that the clocks leave out", map[string]string{"to": "4155550142", "due_at": "2026-03-08 02:30", "zone": "America/New_York"}, "", "due_at"},
		{"a day alone", map[string]string{"to": "4155550142", "due_at": "2026-11-24", "zone": "America/New_York"}, "", "due_at"},
		{"no such zone", map[string]string{"to": "4155550142", "due_at": "2026-11-24 10:00", "zone": "Mars/Olympus"}, "", "due_at"},
		{"nothing", map[string]string{}, "", "due_at to"},
		{"no number", map[string]string{"to": "12", "due_at": "2026-11-24T10:00:00Z", "from": "me"}, "", "from to"},
		{"neither true nor false", map[string]string{"to": "4155550142", "due_at": "2026-11-24T10:00:00Z", "contains_marketing": "perhaps"}, "", "contains_marketing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := remindDefaults{Agent: "reminders"}
			s, wrong := d.entry(c.line, "")
			if got := strings.Join(slices.Sorted(maps.Keys(wrong)), " "); got != c.wrong {
				t.Errorf("wrong fields %q, want %q", got, c.wrong)
			}
			if c.want != "" && (s.DueAt.Format(time.RFC3339) != c.want || s.To != "+14155550142") {
				t.Errorf("%s due at %v, want %s", s.To, s.DueAt, c.want)
			}
		})
	}
}

// The same content has the same key, whatever the order of its columns; any other
// content another.
func TestKeyOfALineIsThatOfItsContent(t *testing.T) {
	t.Parallel()
	d := remindDefaults{Agent: "reminders"}
	line := func(more ...string) string {
		values := map[string]string{"to": "+14155550142", "due_at": "2026-11-24T10:00:00Z", "var.b": "2", "var.a": "1"}
		for i := 0; i < len(more); i += 2 {
			values[more[i]] = more[i+1]
		}
		s, wrong := d.entry(values, "")
		if len(wrong) > 0 || !strings.HasPrefix(s.Key, "csv_") {
			t.Fatalf("%q, %v", s.Key, wrong)
		}
		return s.Key
	}
	if line() != line("to", "415-555-0142") || line() != line("due_at", "2026-11-24T02:00:00-08:00") {
		t.Error("the same line has another key")
	}
	seen := map[string]string{line(): "the line"}
	for _, other := range [][]string{{"to", "+14155550143"}, {"due_at", "2026-11-24T10:00:01Z"}, {"var.a", "2"}, {"state", "CA"}, {"zone", "America/New_York"}, {"agent", "other"}, {"subject", "visit"}, {"contains_marketing", "true"}} {
		k := line(other...)
		if of, there := seen[k]; there {
			t.Errorf("another %s has the key of %s", other[0], of)
		}
		seen[k] = other[0]
	}
}
