package bridge

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

func TestTLSOfOurOwnNeedsAName(t *testing.T) {
	for _, line := range []string{"PUBLIC_URL=http://127.0.0.1:8080", "PUBLIC_URL=https://198.51.100.7", "BRIDGE_ACME_URL=http://acme.example", "BRIDGE_ACME_ROOTS=nowhere.pem", "BRIDGE_ACME_ROOTS=bridge.yaml", "BRIDGE_TLS=yes"} {
		in(t, map[string]string{".env": enoughEnv + "BRIDGE_TLS=on\n" + line + "\n", "bridge.yaml": enoughYAML})
		name, _, _ := strings.Cut(line, "=")
		if name == "PUBLIC_URL" {
			name = "BRIDGE_TLS"
		}
		if _, err := load(); err == nil || !strings.Contains(err.Error(), "\n  "+name+": ") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A command speaks to a service with its own certificate by the name that this is for.
func TestCommandsUseTheNameOfTheCertificate(t *testing.T) {
	in(t, map[string]string{".env": "PUBLIC_URL=https://voice.example.com/\nBRIDGE_TLS=on\nBRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\n"})
	c, err := loadEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	if address, err := c.serviceAddress(""); err != nil || address != "https://voice.example.com" {
		t.Errorf("commands go to %s, %v", address, err)
	}
}

// With BRIDGE_TLS on the service speaks TLS where it listens, and nothing else.
func TestServeSpeaksTLS(t *testing.T) {
	serving(t)
	key, err := os.ReadFile("data/master.key")
	if err != nil {
		t.Fatal(err)
	}
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	c.MasterKey, c.Listen = strings.TrimSpace(string(key)), "127.0.0.1:0"
	c.TLS, c.PublicURL, c.ACMEURL = "on", "https://localhost", "https://127.0.0.1:1/"
	c.instanceDir(t)
	s, err := start(t.Context(), c, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.serve() }()
	res, err := http.Get("http://" + s.listener.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || !strings.Contains(string(body), "HTTP request to an HTTPS server") {
		t.Errorf("in the clear it answers %d %s, %v", res.StatusCode, body, err)
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
