package bridge

import (
	"strings"
	"testing"

	"github.com/rs/zerolog"
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
		in(t, map[string]string{".env": enoughEnv, "bridge.yaml": yaml})
		_, problems := examine()
		if len(problems) != 1 || problems[0].Error() != "bridge.yaml: "+want {
			t.Errorf("%s\n%q, want %q", yaml, problems, want)
		}
	}
}

// A variable that begins as ours do, and that nothing reads, is warned of with the nearest name.
func TestUnknownVariablesWarn(t *testing.T) {
	yaml := enoughYAML + "tools:\n  t: {description: T., http: {url: \"https://127.0.0.1:1/\", headers: {A: \"${BRIDGE_OWN}\"}}}\n"
	in(t, map[string]string{".env": enoughEnv + "BRIDGE_MAX_CALL=7\nBRIDGE_OWN=x\nBRIDGE_MASTER_KEY_FILE=\n", "bridge.yaml": yaml})
	c, err := load()
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	c.warnOfPlaceholders(zerolog.New(&log))
	if !strings.Contains(log.String(), "BRIDGE_MAX_CALL: there is no such setting: did you mean BRIDGE_MAX_CALLS") || strings.Contains(log.String(), "BRIDGE_OWN") || strings.Count(log.String(), "unknown setting") != 1 {
		t.Errorf("the log: %s", log.String())
	}
	exits(t, exitFailed, []string{"doctor"}, "warning  environment", "BRIDGE_MAX_CALL:")
}
