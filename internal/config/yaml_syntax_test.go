package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// What is no YAML is told by the line where it goes wrong and what is wanted there, however the library counts.
func TestYAMLSyntax(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"policy: x\nsellers:\n  s:\n\tlegal_name: S\n": "line 4: it is indented by a tab: want spaces",
		"\tpolicy: x\n": "line 1: it is indented by a tab: want spaces",
		"sellers:\n  s:\n    legal_name: S\n  \twas: [a]\n":                 "line 4: it is indented by a tab: want spaces",
		"policy: \"x\nanchors: y\n":                                         "line 1: a quote is opened and never closed",
		"anchors: y\npolicy: 'x\nsellers: {}\nagents: {}\n":                 "line 2: a quote is opened and never closed",
		"anchors: \"a\npolicy: \"x\"\nsellers: {}\n":                        "line 1: it is indented like nothing above it, or something follows a closing quote",
		"anchors: y\npolicy: 'it's'\n":                                      "line 2: it is indented like nothing above it, or something follows a closing quote",
		"policy: \"C:\\q\"\n":                                               `line 1: in "…" a backslash is written \\`,
		"anchors: y\npolicy: x\nanchors: z\n":                               "line 3: anchors is there already, in line 1",
		"sellers:\n  s:\n    legal_name: S\n    legal_name: T\n":            "line 4: sellers.s.legal_name is there already, in line 3",
		"sellers:\n  s:\n    legal_name: S\n   was: [a]\n":                  "line 4: it is indented like nothing above it",
		"policy: x\n  anchors: y\n":                                         "line 2: want one name: value, and a text with a colon in quotes",
		"policy: x: y\n":                                                    "line 1: want one name: value",
		"policy: x\nsellers:\n  s:\n    legal_name: Sun: Moon\n":            "line 4: want one name: value",
		"sellers:\n  s:\n    legal_name:S\n    was: [a]\n":                  "line 4: want one name: value, and a text with a colon in quotes; is there a space behind the colon in the line above?",
		"policy: x\nanchors\n":                                              "line 2: want name: value",
		"policy: x\nanchors y\nsellers: {}\n":                               "line 2: want name: value",
		"agents:\n  a:\n    tools:\n    - x\n    - y\n    z: 1\n  b: - c\n": "line 7: want the - of a list on a line of its own",
		"agents:\n  a:\n    tools:\n      - x\n      z: 1\n":                "line 5: want the next - of the list above",
		"agents:\n  a:\n    tools: [x, y\n    seller: s\n":                  "line 3: a [ is opened: want a comma",
		"agents:\n  a:\n    tools: [\n      x,\n      y\n    seller: s\n":   "line 3: a [ is opened: want a comma",
		"agents:\n  a: {seller: s\n  b: {seller: s}\n":                      "line 2: a { is opened: want a comma",
		"agents:\n  a: {seller: s}}\n":                                      "line 2: it is indented like nothing above it, or something follows a closing quote or bracket",
		"agents: {}\npolicy: @home\n":                                       "line 2: a text can't begin with this character: want it in quotes",
		"agents: {}\npolicy: *.yaml\n":                                      "line 2: want a name behind & or *; a text that begins with one in quotes",
		"agents: {}\nsellers:\n  s: *common\npolicy: x\n":                   "line 3: there is no &common above that *common could stand for",
		"agents:\n  a:\n    variables: &v\n      x: *v\n":                   "line 4: an alias stands in the block that it repeats",
		"policy: x\nagents:\n  b:\n    <<: [x]\n":                           "line 4: want the alias of a block behind <<",
		"policy: x\nanchors: \x01\n":                                        "line 2: it has a control character",
		"policy: x\nanchors: \xff\n":                                        "line 2: it is not UTF-8",
		"policy: x\n---\nanchors: y\n":                                      "line 3: a second document begins behind ---: want one",
		"sellers: {s: {legal_name: [\n S,\n T]}}\npolicy: 'x\n":             "line 4: a quote is opened and never closed",
	} {
		_, problems := ParseFile([]byte(text))
		if len(problems) == 0 || !strings.HasPrefix(problems[0].Error(), want) {
			t.Errorf("%q\n%q, want %q", text, problems, want)
		}
	}
	for _, text := range []string{"", "---\npolicy: x\n", "policy: x\n---\n", "policy: x\n...\n", "agents: &a {}\ntools: *a\n"} {
		if _, problems := ParseFile([]byte(text)); len(problems) > 0 {
			t.Errorf("%q: %q", text, problems)
		}
	}
}

// To find the line of a hostile file takes a bounded time; then it may be missing.
func TestYAMLSyntaxOfAHugeFile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("policy: 'x\n")
	for i := range 60_000 {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	begun := time.Now()
	if _, problems := ParseFile([]byte(b.String())); len(problems) != 1 || !strings.HasSuffix(problems[0].Error(), "a quote is opened and never closed") {
		t.Errorf("%q", problems)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
