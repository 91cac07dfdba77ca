package config

import (
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

func TestNumberSettings(t *testing.T) {
	const yaml = `sellers:
  s: {legal_name: S LLC}
agents:
  a: {seller: s}
numbers:
  "+14155550100": {ask: {url: "https://crm.example/who", timeout: 4s}, else: b}
  "+14155550101": {ask: {url: "http://crm.example/who", tiemout: 1s}}
  "+14155550102": {ask: {}, else: a, esle: a}
  "+14155550103": {ask: {url: "https://crm.example/who", timeout: soon}, else: a}
  "+14155550104": [a]
`
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv + "BRIDGE_SIGNING_SECRET=c2hvcnQ=\n", "bridge.yaml": yaml})
	_, err := Load()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"line 6: numbers.+14155550100.else: unknown agent", "line 6: numbers.+14155550100.ask.timeout: want 50ms to 3s",
		"line 7: unknown key tiemout", "line 7: numbers.+14155550101.ask.url: want https", "line 7: numbers.+14155550101.else: required",
		"line 8: unknown key esle", "line 8: numbers.+14155550102.ask.url: required", "line 9: cannot unmarshal", "line 10: numbers: want an agent's name",
		"BRIDGE_SIGNING_SECRET: want 24 to 64 bytes"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing of %q in:\n%v", want, err)
		}
	}
}
