package cli

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/internal/service"
)

// What no voice of an agent can be given is found when the service starts, and by doctor, at its
// place in bridge.yaml.
func TestSessionsAreCheckedAtTheStart(t *testing.T) {
	var variables strings.Builder
	for i := range 101 {
		fmt.Fprintf(&variables, "v%d: x, ", i)
	}
	for name, tt := range map[string]struct{ agent, prompt, want string }{
		"all is well":       {"voice: [evi, desk]", "Be brief.", ""},
		"a long prompt":     {"voice: [desk]", strings.Repeat("p", 70_000), ""}, // a desk reads none
		"for evi":           {"voice: evi", strings.Repeat("p", 70_000), "line 6: agents.a.prompt_file: has 70000 bytes with its variables: want at most 65536 (voice evi)"},
		"for the second":    {"voice: [evi, desk]", "a\x00b", "agents.a.prompt_file: has a control character (voice evi)"},
		"many variables":    {"variables: {" + variables.String() + "}", "Be brief.", "agents.a.variables: are 101: want at most 100 (voice evi)"},
		"a strange one":     {"variables: {\"a[b]\": x}", "Be brief.", "agents.a.variables.a[b]: want a name of a letter"},
		"large by the name": {"tools: [t]", "Be brief.", "agents.a.tools: t has 40"},
	} {
		t.Run(name, func(t *testing.T) {
			configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "p.md": tt.prompt, "bridge.yaml": "sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    prompt_file: p.md\n    " + tt.agent +
				"\ntools:\n  t: {description: " + strings.Repeat("d", 40_000) + ", http: {url: \"https://x.example\"}}\n"})
			c, err := config.Load()
			if err == nil {
				r, bad := service.NewRegistry(c)
				if bad != nil {
					t.Fatal(bad)
				}
				_, err = service.NewProfiles(c, r, zerolog.Nop())
				found := checkFiles(t.Context(), c)
				if said := fmt.Sprint(found); (tt.want != "") != (found[0].State == config.Wrong) || tt.want != "" && !strings.Contains(said, tt.want) {
					t.Errorf("doctor says %s", said)
				}
			}
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
