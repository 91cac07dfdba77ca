package cli

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

// With BRIDGE_TLS on the service speaks TLS where it listens, and nothing else.
func TestServeSpeaksTLS(t *testing.T) {
	serving(t)
	key, err := os.ReadFile("data/master.key")
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	c.MasterKey, c.Listen = strings.TrimSpace(string(key)), "127.0.0.1:0"
	c.TLS, c.PublicURL, c.ACMEURL = "on", "https://localhost", "https://127.0.0.1:1/"
	instanceDir(t, c)
	s, err := service.Start(t.Context(), c, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	res, err := http.Get("http://" + s.Listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !strings.Contains(string(body), "HTTP request to an HTTPS server") {
		t.Errorf("in the clear it answers %d %s, %v", res.StatusCode, body, err)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
