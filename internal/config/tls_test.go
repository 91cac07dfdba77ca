package config

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

func TestTLSOfOurOwnNeedsAName(t *testing.T) {
	for _, line := range []string{"PUBLIC_URL=http://127.0.0.1:8080", "PUBLIC_URL=https://198.51.100.7", "BRIDGE_ACME_URL=http://acme.example", "BRIDGE_ACME_ROOTS=nowhere.pem", "BRIDGE_ACME_ROOTS=bridge.yaml", "BRIDGE_TLS=yes"} {
		configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "BRIDGE_TLS=on\n" + line + "\n", "bridge.yaml": configtest.EnoughYAML})
		name, _, _ := strings.Cut(line, "=")
		if name == "PUBLIC_URL" {
			name = "BRIDGE_TLS"
		}
		if _, err := Load(); err == nil || !strings.Contains(err.Error(), "\n  "+name+": ") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// A command speaks to a service with its own certificate by the name that this is for.
func TestCommandsUseTheNameOfTheCertificate(t *testing.T) {
	configtest.In(t, map[string]string{".env": "PUBLIC_URL=https://voice.example.com/\nBRIDGE_TLS=on\nBRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\n"})
	c, err := LoadEnvironment()
	if err != nil {
		t.Fatal(err)
	}
	if address, err := c.ServiceAddress(""); err != nil || address != "https://voice.example.com" {
		t.Errorf("commands go to %s, %v", address, err)
	}
}
