package config

import (
	"testing"

	"github.com/patchcord/patchcord/internal/config/configtest"
)

// A fault of bridge.yaml is one error: with its line, the key, the value, what is wanted, and the
// nearest name.
func TestYAMLFaults(t *testing.T) {
	for yaml, want := range map[string]string{
		"sellers:\n  s:\n    legal_nmae: S LLC\nagents:\n  a: {seller: s}\n":                                             "line 3: unknown key legal_nmae in sellers.s: did you mean legal_name?",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    remember: a while\n":                      "line 6: agents.a.remember: a while: want a duration such as 800ms, 8s or 15m",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    record: perhaps\n":                        "line 6: agents.a.record: perhaps: want true or false",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    evi: {input_rate: fast}\n":                "line 6: agents.a.evi.input_rate: fast: want a whole number",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    tools: end_call\n":                        "line 6: agents.a.tools: end_call: want a list, such as [a, b]",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    fallback: sorry\n":                        "line 6: agents.a.fallback: sorry: want names with values, such as {name: value}",
		"seller:\n  s: {legal_name: S LLC}\nsellers:\n  s: {legal_name: S LLC}\nagents:\n  a: {seller: s}\n":             "line 1: unknown key seller: did you mean sellers?",
		"sellers:\n  s: {legal_name: S LLC}\nagents: none\n":                                                             "line 3: agents: none: want names with values, such as {name: value}",
		"sellers:\n  s: {legal_name: S LLC}\nagents:\n  a:\n    seller: s\n    opening:\n      txet: Hello, I am an AI.": "line 7: unknown key txet in agents.a.opening: did you mean text?",
	} {
		configtest.In(t, map[string]string{".env": configtest.EnoughEnv, "bridge.yaml": yaml})
		_, problems := Examine()
		if len(problems) != 1 || problems[0].Error() != "bridge.yaml: "+want {
			t.Errorf("%s\n%q, want %q", yaml, problems, want)
		}
	}
}
