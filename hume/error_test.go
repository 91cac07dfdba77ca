package hume_test

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/hume/humetest"
)

func TestRefusalsAreTyped(t *testing.T) {
	s, c := serve(t)
	var api *hume.APIError
	_, err := c.CreateTool(t.Context(), hume.ToolSpec{Name: "x", Parameters: "[]"}, "")
	if !errors.As(err, &api) || api.Status != 422 || len(api.Fields) != 1 || api.Fields[0].Path != "body.parameters" ||
		!hume.Refused(err) || hume.Retryable(err) {
		t.Errorf("got %v", err)
	}
	c.CreateTool(t.Context(), orderStatus, "")
	if _, err = c.CreateTool(t.Context(), orderStatus, ""); !errors.As(err, &api) || api.Status != 400 ||
		api.Code == "" || api.Message == "" {
		t.Errorf("got %v", err)
	}
	if _, err = c.Configuration(t.Context(), "nowhere"); !errors.As(err, &api) || !api.Gone() {
		t.Errorf("got %v", err)
	}
	wrong, _ := hume.NewClient(hume.Config{URL: s.URL(), APIKey: "wrong"})
	defer wrong.Close()
	if _, err = wrong.Tools(t.Context()); !errors.As(err, &api) || !api.Denied() {
		t.Errorf("got %v", err)
	}
	for _, id := range []string{"", ".."} {
		if _, err = c.AddToolVersion(t.Context(), id, orderStatus, ""); !hume.Refused(err) {
			t.Errorf("the id %q: %v", id, err)
		}
	}
	if _, err = c.CreatePrompt(t.Context(), "p", strings.Repeat("x", 2<<20), ""); !hume.Refused(err) {
		t.Errorf("too long: %v", err)
	}
}

// What an error means for who wants to ask again.
func TestCertainty(t *testing.T) {
	s, c := serve(t)
	for _, tt := range []struct {
		failure            humetest.Failure
		retryable, refused bool
		after              time.Duration
	}{
		{humetest.Failure{Status: 429, RetryAfter: "7"}, true, true, 7 * time.Second},
		{humetest.Failure{Status: 429, RetryAfter: "999999"}, true, true, time.Hour},
		{humetest.Failure{Status: 503, RetryAfter: time.Now().Add(30 * time.Second).UTC().Format(http.TimeFormat)},
			true, false, -1},
		{humetest.Failure{Status: 500, Body: "<html>"}, true, false, 0},
		{humetest.Failure{Status: 501}, false, false, 0},
		{humetest.Failure{Status: 302}, false, true, 0},
		{humetest.Failure{Status: 403}, false, true, 0},
		{humetest.Failure{}, true, false, 0},
		{humetest.Failure{Status: 200, Body: "nonsense"}, true, false, 0},
		{humetest.Failure{Status: 200, Body: `{}`}, true, false, 0},
	} {
		s.Fail(tt.failure)
		_, err := c.CreateTool(t.Context(), orderStatus, "")
		if err == nil || hume.Retryable(err) != tt.retryable || hume.Refused(err) != tt.refused ||
			hume.Ambiguous(err) == tt.refused {
			t.Errorf("%+v: %v: retryable %v, refused %v", tt.failure, err, hume.Retryable(err), hume.Refused(err))
		}
		var api *hume.APIError
		if errors.As(err, &api) && api.RetryAfter != tt.after && (tt.after >= 0 || api.RetryAfter < 20*time.Second ||
			api.RetryAfter > 31*time.Second) {
			t.Errorf("%+v: wait %s", tt.failure, api.RetryAfter)
		}
	}
	if n := len(s.Versions("tools", "order_status")); n != 0 {
		t.Errorf("%d versions were made", n)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if _, err := client(t, "http://"+l.Addr().String()).CreateTool(t.Context(), orderStatus,
		""); !hume.Refused(err) || !hume.Retryable(err) {
		t.Errorf("nobody there: %v", err)
	}
	if hume.Ambiguous(nil) {
		t.Error("no error is ambiguous")
	}
}

// The key goes to the account's host alone, and into no error, even if it comes back.
func TestTheKeyStaysHere(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer elsewhere.Close()
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v0/evi/prompts" {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"message":"the key %s\u001b[31m is\nodd","error":7,"detail":[{"loc":["body",0,"%s"],"msg":"%s"}]}`, key, key, strings.Repeat(key, 100))
	}))
	defer h.Close()
	c := client(t, h.URL)
	_, err := c.Tools(t.Context())
	if err == nil || strings.Contains(err.Error(), key) || strings.ContainsAny(err.Error(), "\x1b\n") ||
		len(err.Error()) > 2000 {
		t.Errorf("got %v", err)
	}
	if _, err = c.Prompts(t.Context()); err == nil || strings.Contains(err.Error(), key) {
		t.Errorf("got %v", err)
	}
}

func TestAnswersAreBoundedInTimeAndSize(t *testing.T) {
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v0/evi/prompts" {
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, `{"x":"`)
		for range 17 << 4 {
			if _, err := w.Write([]byte(strings.Repeat("x", 64<<10))); err != nil {
				return
			}
		}
	}))
	defer h.Close()
	c, err := hume.NewClient(hume.Config{URL: h.URL, APIKey: key, Timeout: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Prompts(t.Context()); !hume.Retryable(err) || !hume.Ambiguous(err) {
		t.Errorf("got %v", err)
	}
	if _, err := client(t, h.URL).Tools(t.Context()); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("got %v", err)
	}
}

func TestNewClientNamesTheField(t *testing.T) {
	for _, tt := range []struct {
		config hume.Config
		field  string
	}{
		{hume.Config{}, "APIKey"}, {hume.Config{APIKey: "a\nb"}, "APIKey"},
		{hume.Config{APIKey: "k", Timeout: -1}, "Timeout"},
		{hume.Config{APIKey: "k", URL: "ftp://x"}, "URL"},
		{hume.Config{APIKey: "k", URL: "https://secret:secret@x"}, "URL"},
		{hume.Config{APIKey: "k", URL: "https://x?api_key=secret"}, "URL"},
	} {
		if _, err := hume.NewClient(tt.config); err == nil || !strings.Contains(err.Error(), "field "+tt.field) ||
			strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", tt.config, err)
		}
	}
}
