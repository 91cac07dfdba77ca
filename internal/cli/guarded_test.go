package cli

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/service"
)

// serve believes the proxy that BRIDGE_TRUST_PROXY names, and holds as many connections as
// BRIDGE_MAX_CALLS says and some beside: who opens more and says nothing keeps nobody out.
func TestServeHoldsStrangersOff(t *testing.T) {
	b := servingWith(t, benchYAML, evitest.Script(), "BRIDGE_TRUST_PROXY=127.0.0.1", "BRIDGE_MAX_CALLS=1")
	ask := func(from, key string) (int, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+b.s.HTTP.Addr+"/metrics", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", from)
		r.Header.Set("Authorization", "Bearer "+key)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	for range 10 {
		ask("198.51.100.1", "guess")
	}
	for from, want := range map[string]int{"198.51.100.1": 429, "198.51.100.2": 401, "198.51.100.1, 198.51.100.3": 401} {
		if status, _ := ask(from, "guess"); status != want {
			t.Errorf("a wrong key from %s: %d, want %d", from, status, want)
		}
	}
	var d net.Dialer
	for range 1 + service.ConnectionsBeside + 1 {
		c, err := d.DialContext(t.Context(), "tcp", b.s.HTTP.Addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	begun := time.Now()
	status, text := ask("198.51.100.1", "0123456789abcdef0123456789abcdef")
	if status != 200 || time.Since(begun) > 5*time.Second || strings.Contains(text, `refused_total{by="connections"} 0`) {
		t.Errorf("beside silent connections: %d after %v", status, time.Since(begun))
	}
}
