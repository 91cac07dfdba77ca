package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

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
	var bodies []api.ReminderRequest
	prefix := ""
	switch r.URL.Path {
	case "/v1/reminders":
		json.NewDecoder(r.Body).Decode(&bodies)
	case "/v1/consent/check":
		var in struct{ Intents []api.ReminderRequest }
		json.NewDecoder(r.Body).Decode(&in)
		bodies, prefix = in.Intents, "intents"
		s.checks++
	}
	var wrong []api.FieldError
	for i, b := range bodies {
		if b.Subject == "bad" {
			wrong = append(wrong, api.FieldError{Field: fmt.Sprintf("%s[%d].location.state", prefix, i), Detail: "want another"})
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
	added := api.RemindersAdded{}
	for _, b := range bodies {
		if !s.keys[b.Key] {
			s.keys[b.Key] = true
			added.Created++
		}
	}
	reply(http.StatusCreated, added)
}

func decisionOn(s api.ReminderRequest) consent.Decision {
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
	configtest.In(t, map[string]string{".env": "BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\n"})
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
	if code != exitFailed || len(s.keys) != 1295 || out != "1,295 scheduled, 1 already existed\n5 lines can't be scheduled as they are\n" {
		t.Errorf("exit %d, %d scheduled: %s", code, len(s.keys), out)
	}
	for _, want := range []string{"line 9: location.state: want another", "line 22: to: it contains letters", "line 32: line: wrong number of fields", "line 509: ", "line 1009: "} {
		if !strings.Contains(problems, want) {
			t.Errorf("%q is not in\n%s", want, problems)
		}
	}
	// Again: nothing new. Few lines are told; the file has all of them.
	report := filepath.Join(t.TempDir(), "bad.ndjson")
	code, out, problems = command(t, s, "remind", "import", path, "--agent", "reminders", "--show", "2", "--errors", report)
	if code != exitFailed || len(s.keys) != 1295 || !strings.HasPrefix(out, "0 scheduled, 1,296 already existed\n") || strings.Count(problems, "line ") != 2 ||
		!strings.Contains(problems, "and 3 more lines; they are in "+report) {
		t.Errorf("exit %d, %d scheduled: %s%s", code, len(s.keys), out, problems)
	}
	told, err := os.ReadFile(report)
	if err != nil || bytes.Count(told, []byte("\n")) != 5 {
		t.Errorf("the report is %s, %v", told, err)
	}
	// As JSON: each bad line, and the sum.
	code, out, _ = command(t, s, "remind", "import", path, "--agent", "reminders", "--json")
	var sum remindSummary
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
	if code != exitDone || out != "1 scheduled, 0 already existed\n" || problems != "" {
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
	want := "of 1,204: 960 may be called when due, 143 later (first at Wed 25 Nov 17:00 UTC), 1 held until a fact is known, 100 never; reasons:\n" +
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
	var sum remindSummary
	if err := json.Unmarshal([]byte(out), &sum); err != nil || code != exitDone || sum.Now != 1 || sum.Later != 1 || sum.First == nil || sum.Rules["hours.federal"] != 1 {
		t.Errorf("exit %d, %s, %v", code, out, err)
	}
}

func TestRemindImportThatCannotBegin(t *testing.T) {
	s := &counter{keys: map[string]bool{}}
	path := csvOf(t)
	for name, args := range map[string][]string{
		"no such zone":             {path, "--zone", "Mars"},
		"no column for the number": {func() string { p := path + "2"; os.WriteFile(p, []byte("frob\n"), 0o600); return p }()},
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
