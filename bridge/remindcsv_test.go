package bridge

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
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

// counter is a service that counts what is scheduled, by key, and refuses some.
type counter struct {
	mu     sync.Mutex
	keys   map[string]bool
	away   int // answers of 503 to come
	checks int
}

func (s *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away > 0 {
		s.away--
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	reply := func(status int, v any) {
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(v)
	}
	var bodies []scheduled
	prefix := ""
	switch r.URL.Path {
	case "/v1/reminders":
		json.NewDecoder(r.Body).Decode(&bodies)
	case "/v1/consent/check":
		var in struct{ Intents []scheduled }
		json.NewDecoder(r.Body).Decode(&in)
		bodies, prefix = in.Intents, "intents"
		s.checks++
	}
	var wrong []server.FieldError
	for i, b := range bodies {
		if b.Subject == "bad" {
			wrong = append(wrong, server.FieldError{Field: fmt.Sprintf("%s[%d].location.state", prefix, i), Detail: "want another"})
		}
	}
	if len(wrong) > 0 {
		reply(http.StatusBadRequest, map[string]any{"title": "bad request", "errors": wrong})
		return
	}
	if prefix != "" {
		var decisions []consent.Decision
		for _, b := range bodies {
			decisions = append(decisions, decisionOn(b))
		}
		reply(http.StatusOK, map[string]any{"decisions": decisions})
		return
	}
	added := server.RemindersAdded{}
	for _, b := range bodies {
		if !s.keys[b.Key] {
			s.keys[b.Key] = true
			added.Created++
		}
	}
	reply(http.StatusCreated, added)
}

func decisionOn(s scheduled) consent.Decision {
	at := time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC)
	fails := func(rules ...string) (list []consent.Result) {
		for _, r := range rules {
			list = append(list, consent.Result{Rule: r, Status: consent.Fail, Effect: consent.EffectBlock})
		}
		return append(list, consent.Result{Rule: "number.valid", Status: consent.Pass})
	}
	switch s.Subject {
	case "later":
		return consent.Decision{Outcome: consent.Defer, NotBefore: &at, Results: fails("hours.federal")}
	case "held":
		return consent.Decision{Outcome: consent.Hold, Results: fails("reassigned.stale")}
	case "never":
		return consent.Decision{Outcome: consent.Deny, Results: fails("revoked", "dnc.internal")}
	case "unasked":
		return consent.Decision{Outcome: consent.Deny, Results: fails("consent.missing")}
	}
	return consent.Decision{Outcome: consent.Allow, Results: fails()}
}

// command runs a command against a service, and returns what it printed.
func command(t *testing.T, s http.Handler, args ...string) (code int, out, problems string) {
	t.Helper()
	web := httptest.NewServer(s)
	defer web.Close()
	in(t, map[string]string{".env": "BRIDGE_API_TOKEN=token\n"})
	r := bridge(t, append(args, "--url", web.URL)...)
	return r.code, r.out, r.err
}

func csvOf(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.csv")
	if err := os.WriteFile(path, []byte("to,due_at,subject\n"+strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRemindImport(t *testing.T) {
	var lines []string
	for i := range 1300 {
		subject := ""
		if i%500 == 7 {
			subject = "bad" // the service says so, of three
		}
		lines = append(lines, fmt.Sprintf("415%07d,2026-12-01T18:00:00Z,%s", 2000000+i, subject))
	}
	lines[20] = "nobody,2026-12-01T18:00:00Z,"
	lines[30] = "4155550142"
	lines = append(lines, lines[0]) // a line that is there twice
	path := csvOf(t, lines...)
	s := &counter{keys: map[string]bool{}, away: 1}

	code, out, problems := command(t, s, "remind", "import", path, "--agent", "reminders")
	if code != exitFailed || len(s.keys) != 1295 || out != "1,295 scheduled, 1 were there already\n5 lines can't be scheduled as they are\n" {
		t.Errorf("exit %d, %d scheduled: %s", code, len(s.keys), out)
	}
	for _, want := range []string{"line 9: location.state: want another", "line 22: to: want a number", "line 32: line: wrong number of fields", "line 509: ", "line 1009: "} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q is not in\n%s", want, problems)
		}
	}
	// Again: nothing new. Few lines are told; the file has all of them.
	report := filepath.Join(t.TempDir(), "bad.ndjson")
	code, out, problems = command(t, s, "remind", "import", path, "--agent", "reminders", "--show", "2", "--errors", report)
	if code != exitFailed || len(s.keys) != 1295 || !strings.HasPrefix(out, "0 scheduled, 1,296 were there already\n") || strings.Count(problems, "line ") != 2 ||
		!strings.Contains(problems, "and 3 lines more; they are in "+report) {
		t.Errorf("exit %d, %d scheduled: %s%s", code, len(s.keys), out, problems)
	}
	told, err := os.ReadFile(report)
	if err != nil || bytes.Count(told, []byte("\n")) != 5 {
		t.Errorf("the report is %s, %v", told, err)
	}
	// As JSON: each bad line, and the sum.
	code, out, _ = command(t, s, "remind", "import", path, "--agent", "reminders", "--json")
	var sum remindSum
	objects := bufio.NewScanner(strings.NewReader(out))
	n := 0
	for objects.Scan() {
		n++
		if err := json.Unmarshal(objects.Bytes(), &sum); err != nil {
			t.Errorf("%v in %s", err, objects.Text())
		}
	}
	if code != exitFailed || n != 6 || sum.There != 1296 || sum.Refused != 5 || sum.Lines != 1296 {
		t.Errorf("exit %d, %d objects, %+v", code, n, sum)
	}
}

func TestRemindImportOfAGoodFile(t *testing.T) {
	s := &counter{keys: map[string]bool{}}
	code, out, problems := command(t, s, "remind", "import", csvOf(t, "4155550142,2026-12-01 10:00,visit"), "--agent", "reminders", "--zone", "America/New_York")
	if code != exitDone || out != "1 scheduled, 0 were there already\n" || problems != "" {
		t.Errorf("exit %d: %s%s", code, out, problems)
	}
}

func TestRemindDryRun(t *testing.T) {
	var lines []string
	for i := range 1204 {
		subject := ""
		switch {
		case i < 143:
			subject = "later"
		case i < 143+60:
			subject = "never"
		case i < 143+100:
			subject = "unasked"
		case i == 600:
			subject = "bad"
		case i == 601:
			subject = "held"
		}
		lines = append(lines, fmt.Sprintf("415%07d,2026-12-01T18:00:00Z,%s", 2000000+i, subject))
	}
	path := csvOf(t, append(lines, "4155550142,2026-12-01T18:00:00Z,")...)
	s := &counter{keys: map[string]bool{}}
	t.Setenv("TZ", "UTC")
	code, out, problems := command(t, s, "remind", "import", path, "--agent", "reminders", "--dry-run")
	want := "of 1,204: 960 may be called now, 143 later (first at Wed 25 Nov 17:00 UTC), 1 not before something is known, 100 never, because\n" +
		"  never         60  dnc.internal\n  never         60  revoked\n  never         40  consent.missing\n  held           1  reassigned.stale\n  later        143  hours.federal\n" +
		"1 lines can't be scheduled as they are\n"
	if diff := cmp.Diff(want, strings.ReplaceAll(out, time.Date(2026, 11, 25, 17, 0, 0, 0, time.UTC).Local().Format("Mon 2 Jan 15:04 MST"), "Wed 25 Nov 17:00 UTC")); diff != "" {
		t.Errorf("(-want +got)\n%s%s", diff, problems)
	}
	if code != exitFailed || len(s.keys) != 0 || !strings.Contains(problems, "line 602: location.state: want another") {
		t.Errorf("exit %d, %d scheduled, %s", code, len(s.keys), problems)
	}
	code, _, _ = command(t, s, "remind", "import", csvOf(t, lines[150]), "--agent", "reminders", "--dry-run")
	if code != exitRefused {
		t.Errorf("with one that is refused: exit %d", code)
	}
	code, out, _ = command(t, s, "remind", "import", csvOf(t, lines[300], lines[0]), "--agent", "reminders", "--dry-run", "--json")
	var sum remindSum
	if err := json.Unmarshal([]byte(out), &sum); err != nil || code != exitDone || sum.Now != 1 || sum.Later != 1 || sum.First == nil || sum.Rules["hours.federal"] != 1 {
		t.Errorf("exit %d, %s, %v", code, out, err)
	}
}

func TestRemindImportThatCannotBegin(t *testing.T) {
	s := &counter{keys: map[string]bool{}}
	path := csvOf(t)
	for name, args := range map[string][]string{
		"no such zone":   {path, "--zone", "Mars"},
		"unknown column": {func() string { p := path + "2"; os.WriteFile(p, []byte("frob\n"), 0o600); return p }()},
	} {
		if code, _, problems := command(t, s, append([]string{"remind", "import"}, args...)...); code != exitUsage || problems == "" {
			t.Errorf("%s: exit %d, %s", name, code, problems)
		}
	}
	if code, _, _ := command(t, s, "remind", "import", "nowhere.csv"); code != exitFailed {
		t.Errorf("no file: exit %d", code)
	}
	if code, _, problems := command(t, s, "remind", "+14155550142", "--agent", "x"); code != exitUsage || !strings.Contains(problems, "--at") {
		t.Errorf("without a time: exit %d, %s", code, problems)
	}
}

// An import that is stopped stops, also while its reader waits.
func TestRemindImportIsStopped(t *testing.T) {
	c := &remindImportCmd{remindDefaults: remindDefaults{Agent: "reminders", At: "2026-11-24T10:00:00Z"}}
	counted := &countingReader{r: io.MultiReader(strings.NewReader("to,state,zone,var.name\n"), &rows{most: 1 << 40})}
	file, err := openCSV(counted, remindColumnNames, remindColumns)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.read(ctx, file, counted, make(chan remindBatch)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
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
