package bridge

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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
		{"nothing", map[string]string{}, "", "to due_at"},
		{"no number", map[string]string{"to": "12", "due_at": "2026-11-24T10:00:00Z", "from": "me"}, "", "to from"},
		{"neither true nor false", map[string]string{"to": "4155550142", "due_at": "2026-11-24T10:00:00Z", "contains_marketing": "perhaps"}, "", "contains_marketing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := remindDefaults{Agent: "reminders"}
			s, wrong := d.entry(c.line)
			var fields []string
			for _, e := range wrong {
				fields = append(fields, e.Field)
			}
			if got := strings.Join(fields, " "); got != c.wrong {
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
		s, wrong := d.entry(values)
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

// readAll gives the lines of a file, and those that can't be read.
func readAll(t *testing.T, in io.Reader) (entries []scheduled, lines []int, bad []badLine, err error) {
	t.Helper()
	c := &remindImportCmd{File: "x.csv", remindDefaults: remindDefaults{Agent: "reminders", At: "2026-11-24T10:00:00Z"}}
	counted := &countingReader{r: in}
	file, err := openCSV(counted, remindColumnNames, remindColumns)
	if err != nil {
		return nil, nil, nil, err
	}
	out, done := make(chan remindBatch), make(chan error, 1)
	go func() {
		done <- c.read(t.Context(), file, counted, out)
		close(out)
	}()
	for b := range out {
		entries, lines, bad = append(entries, b.entries...), append(lines, b.lines...), append(bad, b.bad...)
	}
	return entries, lines, bad, <-done
}

func TestFilesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		lines      []int // of the good ones
		bad        []int
		name1      string // var.Name of the first good line
		fails      string
	}{
		{"a byte order mark", "\xef\xbb\xbfto,var.Name\n4155550142,Dana\n", []int{2}, nil, "Dana", ""},
		{"Windows", "To,var.Name\r\n4155550142,Dana\r\n4155550143,Ed\r\n", []int{2, 3}, nil, "Dana", ""},
		{"semicolons", "phone number;var.Name\n4155550142;Dana, of 2b\n", []int{2}, nil, "Dana, of 2b", ""},
		{"quotes, commas and lines in a field", "to,var.Name\n4155550142,\"Dana \"\"D\"\" Lee,\nand son\"\n4155550143,Ed\n", []int{2, 4}, nil, "Dana \"D\" Lee,\nand son", ""},
		{"no end of the last line", "to,var.Name\n4155550142,Dana", []int{2}, nil, "Dana", ""},
		{"empty lines and columns", "to,,var.Name,\n\n4155550142,,Dana,\n\n", []int{3}, nil, "Dana", ""},
		{"lines too short and too long", "to,var.Name\n4155550142\n4155550142,Dana\n4155550143,Ed,Ed\n", []int{3}, []int{2, 4}, "Dana", ""},
		{"a quote in the middle", "to,var.Name\n4155550142,Da\"na\n4155550143,Ed\n", []int{3}, []int{2}, "Ed", ""},
		{"a quote that is not closed", "to,var.Name\n4155550142,Dana\n4155550143,\"Ed\n4155550144,Flo\n", []int{2}, []int{3}, "Dana", ""},
		{"not a number", "to,var.Name\nnobody,Dana\n4155550143,Ed\n", []int{3}, []int{2}, "Ed", ""},
		{"nothing", "", nil, nil, "", "empty"},
		{"a header alone", "to,var.Name\n", nil, nil, "", ""},
		{"a column that nobody knows", "to,frob\n", nil, nil, "", "frob"},
		{"a column twice", "to,phone\n", nil, nil, "", "twice"},
		{"a variable without a name", "to,var.\n", nil, nil, "", "var."},
		{"UTF-16", "\xff\xfet\x00o\x00", nil, nil, "", "UTF-16"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			entries, lines, bad, err := readAll(t, strings.NewReader(c.file))
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Errorf("%v, want %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var wrong []int
			for _, b := range bad {
				wrong = append(wrong, b.Line)
			}
			if diff := cmp.Diff([][]int{c.lines, c.bad}, [][]int{lines, wrong}); diff != "" {
				t.Errorf("good and bad lines (-want +got):\n%s%v", diff, bad)
			}
			if len(entries) > 0 && entries[0].Variables["Name"] != c.name1 {
				t.Errorf("the first name is %q, want %q", entries[0].Variables["Name"], c.name1)
			}
		})
	}
}

// A quote that is never closed in a large file is no reason to hold the file in memory.
func TestRowHasABound(t *testing.T) {
	t.Parallel()
	endless := io.MultiReader(strings.NewReader("to,var.Name\n4155550142,Dana\n4155550143,\""), lines{})
	entries, _, _, err := readAll(t, endless)
	if err == nil || !strings.Contains(err.Error(), "a row is longer than") || len(entries) != 1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// lines is a text without end.
type lines struct{}

func (lines) Read(p []byte) (int, error) { return copy(p, "4155550143,Ed\n"), nil }

// rows makes up lines of a file as they are read.
type rows struct {
	n, most int
	rest    []byte
}

func (r *rows) Read(p []byte) (int, error) {
	for len(r.rest) < len(p) && r.n < r.most {
		r.rest = fmt.Appendf(r.rest, "+1415%07d,CA,America/Los_Angeles,\"Dana, no. %d\"\n", 2000000+r.n, r.n)
		r.n++
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = append(r.rest[:0], r.rest[n:]...)
	return n, nil
}

// A million rows go through in little memory.
func TestMillionRows(t *testing.T) {
	const million = 1_000_000
	c := &remindImportCmd{File: "x.csv", remindDefaults: remindDefaults{Agent: "reminders", At: "2026-11-24T10:00:00Z"}}
	counted := &countingReader{r: io.MultiReader(strings.NewReader("to,state,zone,var.name\n"), &rows{most: million})}
	file, err := openCSV(counted, remindColumnNames, remindColumns)
	if err != nil {
		t.Fatal(err)
	}
	out, done := make(chan remindBatch, 2), make(chan error, 1)
	go func() {
		done <- c.read(t.Context(), file, counted, out)
		close(out)
	}()
	n, batches, most := 0, 0, uint64(0)
	began := time.Now()
	for b := range out {
		n += len(b.entries)
		if batches++; batches%200 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
		if len(b.bad) > 0 {
			t.Fatal(b.bad)
		}
	}
	if err := <-done; err != nil || n != million {
		t.Errorf("%d rows, %v", n, err)
	}
	if most > 64<<20 {
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
	t.Logf("%d rows in %v, the heap at most %d MiB", n, time.Since(began), most>>20)
}

// Whatever the file, each line is either told to be wrong or complete.
func FuzzRemindCSV(f *testing.F) {
	for _, file := range []string{"to,due_at\n4155550142,2026-11-24T10:00:00Z\n", "\xef\xbb\xbfto;due_at;zone\r\n(415) 555-0142;2026-11-24 10:00;America/New_York\r\n",
		"to,var.name\n4155550142,\"Da\"\"na\n\"\n", "to\n\"", "to\tstate\n+14155550142\tca\n", "contains_marketing,to\nTRUE,4155550142\n"} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		entries, lines, bad, _ := readAll(t, bytes.NewReader(file))
		if len(lines) != len(entries) {
			t.Errorf("%d entries of %d lines", len(entries), len(lines))
		}
		for _, e := range entries {
			if _, err := parseNumber(e.To); err != nil || e.DueAt.IsZero() || e.Agent == "" || e.Key == "" {
				t.Errorf("a good line came out as %+v", e)
			}
		}
		for _, b := range bad {
			if b.Line < 2 || len(b.Errors) == 0 {
				t.Errorf("a bad line came out as %+v", b)
			}
		}
	})
}
