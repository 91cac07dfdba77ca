package server_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/server"
)

// After ten wrong keys further ones get 429; a right one is always served, and a missing
// one is 401 and not counted. The log has one line.
func TestGuessingKeys(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := openWith(t, func(c *server.Config) { c.Logger = zerolog.New(zerolog.SyncWriter(&log)) })
	with := func(secret string) answer {
		r := s.request("GET", "/v1/calls", "")
		if secret != "" {
			r.Header.Set("Authorization", "Bearer "+secret)
		}
		return s.do(r)
	}
	for range 15 {
		isProblem(t, with(""), 401, "an API key is required: Authorization: Bearer KEY")
	}
	for i := range 10 {
		isProblem(t, with(strings.Repeat("x", i+1)), 401, "wrong")
	}
	for _, secret := range []string{"guess", keys.NewSecret(), "again"} {
		got := with(secret)
		isProblem(t, got, 429, "too many wrong")
		if got.header.Get("Retry-After") == "" {
			t.Error("it doesn't say when to try again")
		}
	}
	if got := with(apiToken); got.status != 200 {
		t.Errorf("a right key: %d", got.status)
	}
	isProblem(t, with(""), 401, "an API key is required: Authorization: Bearer KEY")
	if got := s.order("GET", "/metrics", "").body; !strings.Contains(got, `patchcord_requests_refused_total{by="guess"} 3`) {
		t.Error("the metrics don't count guesses")
	}
	s.web.Close()
	if n := strings.Count(log.String(), "too many wrong API keys"); n != 1 || strings.Contains(log.String(), "guess") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}
