package service

import (
	"slices"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
)

// transfer_to is a number, or names in the order of the file; keys stand for built-ins.
func TestTransferTo(t *testing.T) {
	for name, tt := range map[string]struct {
		yaml  string
		names []string
		tools int
	}{
		"none":         {"", nil, 1},
		"null":         {"transfer_to: null", nil, 1},
		"a number":     {`transfer_to: "+14155550199"`, []string{""}, 2},
		"without name": {"transfer_to: +14155550199", []string{""}, 2},
		"names":        {`transfer_to: {sales: "+14155550199", Front desk: "+14155550198", a: "+14155550197"}`, []string{"sales", "Front desk", "a"}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    tools: [end_call, transfer_call]\n    keys: {0: end_call, \"#\": end_call}\n    " + tt.yaml + "\n"})
			c, err := config.Load()
			if err != nil {
				t.Fatal(err)
			}
			registry, err := NewRegistry(c)
			if err != nil {
				t.Fatal(err)
			}
			all, err := NewProfiles(c, registry, zerolog.Nop())
			if err != nil {
				t.Fatal(err)
			}
			p := all["a"]
			var names []string
			for _, to := range p.Transfers {
				names = append(names, to.Name)
			}
			if !slices.Equal(names, tt.names) || len(p.Transfers) > 0 && p.Transfers[0].Number.E164() != "+14155550199" {
				t.Errorf("transfers to %q, want %q", names, tt.names)
			}
			if len(p.Builtins) != tt.tools || p.Keys["0"] != builtin.EndCall || p.Keys["#"] != builtin.EndCall {
				t.Errorf("tools %q, keys %v", p.Builtins, p.Keys)
			}
		})
	}
}
