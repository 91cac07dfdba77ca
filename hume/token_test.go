package hume_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/patchcord/patchcord/hume"
)

// exchange is a host that gives tokens of so many seconds, and counts them.
func exchange(t *testing.T, seconds int) (*hume.Tokens, *atomic.Int32) {
	t.Helper()
	given := new(atomic.Int32)
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, secret, _ := r.BasicAuth()
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != "POST" || r.URL.Path != "/oauth2-cc/token" ||
			string(body) != "grant_type=client_credentials" ||
			r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || key != "key" || secret != "secret" {
			w.WriteHeader(401)
			return
		}
		fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"bearer","expires_in":%d}`, given.Add(1), seconds)
	}))
	t.Cleanup(host.Close)
	return hume.NewTokens(host.URL+"/", "key", "secret"), given
}

// All calls share a token; one that was refused is not given out again.
func TestATokenServesAllChats(t *testing.T) {
	tokens, given := exchange(t, 1800)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got, err := tokens.Token(t.Context()); got != "token-1" || err != nil {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	all.Wait()
	tokens.Refused("another")
	if got, err := tokens.Token(t.Context()); got != "token-1" || err != nil {
		t.Errorf("after the refusal of another: %q, %v", got, err)
	}
	tokens.Refused("token-1")
	if got, err := tokens.Token(t.Context()); got != "token-2" || err != nil || given.Load() != 2 {
		t.Errorf("after a refusal: %q, %v", got, err)
	}
}

func TestNoToken(t *testing.T) {
	status, body := http.StatusOK, ""
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}))
	defer host.Close()
	for _, row := range []struct {
		name   string
		status int
		body   string
		fatal  bool
		want   string
	}{
		{"keys that are not accepted", 401, "", true, "401 Unauthorized"},
		{"no such route", 404, "", true, "404"},
		{"a redirect", 302, "", true, "302"},
		{"too many", 429, "", false, "429"},
		{"out of order", 503, "", false, "503"},
		{"a page", 200, "<html>", false, "no access_token"},
		{"an empty object", 200, "{}", false, "no access_token"},
		{"an endless one", 200, `{"access_token":"` + strings.Repeat("x", 64<<10) + `"}`, false, "no access_token"},
	} {
		status, body = row.status, row.body
		_, err := hume.NewTokens(strings.Replace(host.URL, "http", "ws", 1), "my-key", "my-secret").Token(t.Context())
		var none *hume.TokenError
		if !errors.As(err, &none) || none.Fatal() != row.fatal || !strings.Contains(err.Error(), row.want) ||
			strings.Contains(err.Error(), "my-") {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hume.NewTokens(host.URL, "k", "s").Token(over); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
