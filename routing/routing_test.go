package routing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/routing"
)

var (
	older = []byte("the older of the two secrets")
	newer = []byte("the newer of the two secrets")
	asked = call.Question{CallSID: "CA0123456789abcdef0123456789abcdef", From: "+14152350142", To: "+14155550100",
		Attestation: "TN-Validation-Passed-A"}
)

// at is a client of a server that answers so, and the server.
func at(t *testing.T, timeout time.Duration, answer http.HandlerFunc) *routing.Client {
	t.Helper()
	web := httptest.NewServer(answer)
	c, err := routing.New(routing.Endpoint{URL: web.URL + "/who?key=url-secret", Timeout: timeout,
		Secrets: [][]byte{newer, older}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); web.Close() })
	return c
}

// The receiver of Standard Webhooks' own library takes the question with either secret.
func TestTheQuestionIsSigned(t *testing.T) {
	questions := make(chan routing.Question, 1)
	c := at(t, 0, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" ||
			r.Header.Get("webhook-id") != "ask_"+string(asked.CallSID) {
			t.Errorf("got %s %v: %v", r.Method, r.Header, err)
		}
		for _, secret := range [][]byte{older, newer} {
			hook, err := webhooks.NewWebhookRaw(secret)
			if err == nil {
				err = hook.Verify(body, r.Header)
			}
			if err != nil {
				t.Errorf("with %q: %v", secret, err)
			}
		}
		var q routing.Question
		if err := json.Unmarshal(body, &q); err != nil {
			t.Error(err)
		}
		questions <- q
		io.WriteString(w, `{"agent": "sales", "variables": {"name": "Dana", "orders": 3, "total": 12.50, "vip": true}, "more": null}`)
	})
	route, err := c.Route(t.Context(), asked)
	want := map[string]string{"name": "Dana", "orders": "3", "total": "12.50", "vip": "true"}
	if err != nil || route.Agent != "sales" || !maps.Equal(route.Variables, want) {
		t.Errorf("got %+v, %v", route, err)
	}
	q := <-questions
	if q.Type != "call.incoming" || time.Since(q.Timestamp).Abs() > time.Minute ||
		q.Data != (routing.Data{CallSID: string(asked.CallSID), From: string(asked.From), Attestation: asked.Attestation,
			To: string(asked.To)}) {
		t.Errorf("the question is %+v", q)
	}
}

// What can't be used is an error that says what is wrong and repeats nothing of it.
func TestAnswersThatCantBeUsed(t *testing.T) {
	many := map[string]int{}
	for i := range 51 {
		many[fmt.Sprint("v", i)] = i
	}
	tooMany, err := json.Marshal(map[string]any{"agent": "sales", "variables": many})
	if err != nil {
		t.Fatal(err)
	}
	long := func(n int) string { return strings.Repeat("s", n) }
	for name, row := range map[string]struct {
		status       int
		answer, want string
	}{
		"a page":                    {200, "<!doctype html><p>secret", "not an object"},
		"nothing":                   {200, "", "not an object"},
		"a list":                    {200, `[{"agent": "secret"}]`, "not an object"},
		"null":                      {200, `null`, "it does not name an agent"},
		"no agent":                  {200, `{"variables": {"a": "secret"}}`, "it does not name an agent"},
		"an agent that is a number": {200, `{"agent": 7}`, "not an object"},
		"two answers":               {200, `{"agent": "secret"} {}`, "extra data"},
		"half an answer":            {200, `{"agent": "secret", `, "not an object"},
		"variables in variables": {200, `{"agent": "sales", "variables": {"a": {"b": "secret"}}}`,
			"not a string, a number or a boolean"},
		"a variable that is null": {200, `{"agent": "sales", "variables": {"secret": null}}`, "not a string"},
		"a variable without a name": {200, `{"agent": "sales", "variables": {"": "secret"}}`,
			"a name that is not 1 to 64 bytes"},
		"a long name":        {200, `{"agent": "sales", "variables": {"` + long(65) + `": "secret"}}`, "64 bytes"},
		"a long value":       {200, `{"agent": "sales", "variables": {"a": "` + long(1001) + `"}}`, "more than 1000"},
		"too many variables": {200, string(tooMany), "51 variables: want at most 50"},
		"too long":           {200, `{"agent": "sales", "more": "` + long(64<<10) + `"}`, "longer than 65536 bytes"},
		"an error":           {500, `{"agent": "secret"}`, "the status is 500"},
		"created":            {201, `{"agent": "secret"}`, "the status is 201"},
		"a redirect":         {307, ``, "the status is 307"},
	} {
		c := at(t, 0, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/who" {
				t.Errorf("%s: followed to %s", name, r.URL.Path)
			}
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(row.status)
			io.WriteString(w, row.answer)
		})
		route, err := c.Route(t.Context(), asked)
		if !errors.Is(err, call.ErrBadRoute) || !strings.Contains(err.Error(), row.want) ||
			strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "sss") || route.Agent != "" {
			t.Errorf("%s: %+v, %v; want %q", name, route, err, row.want)
		}
	}
}

// A host that takes the question and says nothing, or that drips, costs the caller the
// timeout and no more.
func TestASlowAnswer(t *testing.T) {
	over := make(chan struct{})
	for name, answer := range map[string]http.HandlerFunc{
		"silent": func(_ http.ResponseWriter, r *http.Request) { <-over },
		"half an answer": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"agent": "sa`)
			w.(http.Flusher).Flush()
			<-over
		},
	} {
		c := at(t, routing.MinTimeout, answer)
		begun := time.Now()
		_, err := c.Route(t.Context(), asked)
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, call.ErrBadRoute) ||
			err.Error() != "no answer within 50ms" {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begun); took < routing.MinTimeout || took > 10*routing.MinTimeout {
			t.Errorf("%s: it took %v", name, took)
		}
	}
	close(over)
}

func TestNobodyThere(t *testing.T) {
	web := httptest.NewServer(nil)
	web.Close()
	c, err := routing.New(routing.Endpoint{URL: web.URL + "/url-secret", Secrets: [][]byte{newer}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, err = c.Route(t.Context(), asked)
	if err == nil || errors.Is(err, call.ErrBadRoute) || errors.Is(err, context.DeadlineExceeded) ||
		strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestEndpointsThatCantBeAsked(t *testing.T) {
	for want, e := range map[string]routing.Endpoint{
		"URL: required":                           {},
		"URL: not a URL":                          {URL: "https://[::1"},
		"URL: no host":                            {URL: "who"},
		"http is for a host on loopback":          {URL: "http://crm.example/who"},
		"want https":                              {URL: "file://localhost/etc/who"},
		"must not contain a user":                 {URL: "https://me:secret@crm.example"},
		"Timeout: want 50ms to 3s":                {URL: "https://crm.example", Timeout: 4 * time.Second},
		"Secrets: want at least one":              {URL: "https://crm.example"},
		"Secrets: one has 3 bytes: want 24 to 64": {URL: "http://127.0.0.1:1", Secrets: [][]byte{[]byte("abc")}},
	} {
		if _, err := routing.New(e); err == nil || !strings.Contains(err.Error(), want) ||
			strings.Contains(err.Error(), "secret@") {
			t.Errorf("%+v: %v, want %q", e, err, want)
		}
	}
}

// Whatever comes, an answer is refused, or within the bounds.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{`{"agent": "sales", "variables": {"a": "b", "c": 1e3, "d": true}}`,
		`{"agent": "x", "agent": 7}`, `{"Agent": "x"}`, `[]`, `null`, "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		route, err := routing.Read(body)
		if err != nil {
			if !errors.Is(err, call.ErrBadRoute) {
				t.Fatal(err)
			}
			return
		}
		if route.Agent == "" || len(route.Variables) > 50 {
			t.Fatalf("%q is %+v", body, route)
		}
		for name, value := range route.Variables {
			if name == "" || len(name) > 64 || len(value) > 1000 {
				t.Fatalf("%q is %+v", body, route)
			}
		}
	})
}
