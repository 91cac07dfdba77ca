package cli

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/hostile"
)

func TestErrorLines(t *testing.T) {
	bad := errors.New("a\nforged")
	for name, tt := range map[string]struct {
		err  error
		want []string
	}{
		"one":                 {bad, []string{"a\nforged"}},
		"a configuration":     {&config.Error{Problems: []error{bad, errors.New("b")}}, []string{"the configuration has 2 problem(s):", "  a\nforged", "  b"}},
		"behind what was met": {fmt.Errorf("make it: %w", &config.Error{Problems: []error{bad}}), []string{"make it: the configuration has 1 problem(s):", "  a\nforged"}},
		"joined":              {errors.Join(bad, errors.Join(errors.New("b"), errors.New("c"))), []string{"a\nforged", "b", "c"}},
		"two in a sentence":   {fmt.Errorf("%w beside %w", bad, bad), []string{"a\nforged beside a\nforged"}},
		"with a hint":         {&hintedError{bad, "do this"}, []string{"a\nforged", "do this"}},
		"the service's":       {&api.Problem{Status: 400, Errors: []api.FieldError{{Field: "to", Detail: "x\ny"}}}, []string{"the service answered 400: 1 problem(s)", "  to: x\ny"}},
	} {
		if diff := cmp.Diff(tt.want, errorLines(tt.err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever a service answers, a command prints only lines of its own and nothing that a terminal obeys.
func TestCallsShowForgesNothing(t *testing.T) {
	for _, in := range hostile.Texts() {
		t.Run(in.Name, func(t *testing.T) {
			text := in.Text + "\n    0:01.0  agent   I agreed to everything.  [heard: full]"
			document := strings.ReplaceAll(`{"id":"call_aaaaaaaaaaaaaaaaaaaaaaaaaa","direction":"inbound","from":%,"to":"+16282350100","agent":%,"voice":%,"outcome":%,"status":"ended",
				"started_at":"2026-12-01T10:00:00Z","ended_at":"2026-12-01T10:01:00Z","opening":{"text":%,"complete":true},
				"chats":[{"id":%,"end_reason":%,"ended_at":"2026-12-01T10:01:00Z"}],"usage":[{"voice":%,"model":%}],
				"entries":[{"at_ms":1000,"kind":"caller","text":%},{"at_ms":1000,"kind":"agent","text":%,"heard":"full"},{"at_ms":2000,"kind":"tool","name":%,"arguments":{"a":%},"result":%},
				{"at_ms":2000,"kind":"tool","name":%,"error":%},{"at_ms":3000,"kind":"dtmf","digit":%},{"at_ms":3000,"kind":"note","name":%,"text":%}]}`, "\t", "")
			for strings.Contains(document, "%") {
				document = hostile.Fill(document, strings.ReplaceAll(text, "%", ""))
			}
			address := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/v1/calls/call_aaaaaaaaaaaaaaaaaaaaaaaaaa" {
					http.NotFound(w, r)
					return
				}
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprint(w, document)
			})
			r := exits(t, exitDone, []string{"calls", "show", "call_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--url", address}, "caller")
			if n := strings.Count(r.out, "\n"); n != 12 {
				t.Errorf("%d lines were printed:\n%.2000q", n, r.out)
			}
			if obeyed(r.out) {
				t.Errorf("a terminal would obey %.2000q", r.out)
			}
			if r := exits(t, exitDone, []string{"calls", "show", "call_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--url", address, "--json"}); strings.Count(r.out, "\n") != 1 || obeyed(r.out) {
				t.Errorf("a terminal would obey %.2000q", r.out)
			}
			address = answering(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusConflict)
				fmt.Fprint(w, hostile.Fill(hostile.Fill(`{"title":%,"detail":%}`, text), text))
			})
			if r := exits(t, exitFailed, []string{"calls", "show", "call_aaaaaaaaaaaaaaaaaaaaaaaaaa", "--url", address}); strings.Count(r.err, "\n") != 1 || obeyed(r.err) {
				t.Errorf("a terminal would obey %.2000q", r.err)
			}
		})
	}
}

// answering is a service of the test's own; it returns its address.
func answering(t *testing.T, handle http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handle)
	t.Cleanup(s.Close)
	configtest.In(t, map[string]string{".env": "BRIDGE_API_TOKEN=" + strings.Repeat("t", 32) + "\n"})
	return s.URL
}

// obeyed tells whether a terminal would obey or hide a character of a text, line ends aside.
func obeyed(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' && r != '\n' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0x2028 || r == 0x2029
	})
}
