package service

import (
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// Limits and budgets of bridge.yaml are those of the calls.
func TestAProfileHasItsLimits(t *testing.T) {
	configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": `sellers:
  s: {legal_name: S LLC}
agents:
  a: {seller: s, limits: {caller: {at_once: 2}, number: {per_hour: 9}, say: Later.}, budgets: {tool_calls: 7}}
`})
	c, err := config.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRegistry(c)
	if err != nil {
		t.Fatal(err)
	}
	all, err := NewProfiles(c, r, zerolog.Nop())
	if err != nil {
		t.Fatal(err)
	}
	want := call.Admission{Caller: call.Quota{AtOnce: 2}, Number: call.Quota{PerHour: 9}, Say: "Later."}
	if p := all["a"]; p.Admission != want || p.Budgets != (agent.Budgets{Tools: 7}) {
		t.Errorf("got %+v and %+v", p.Admission, p.Budgets)
	}
}
