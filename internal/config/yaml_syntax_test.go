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
		"policy: x\nsellers:\n  s:\n\tlegal_name: S\n": "line 4: indented with a tab: want spaces",
		"\tpolicy: x\n": "line 1: indented with a tab: want spaces",
		"sellers:\n  s:\n    legal_name: S\n  \twas: [a]\n":                 "line 4: indented with a tab: want spaces",
		"policy: \"x\nanchors: y\n":                                         "line 1: unclosed quote",
		"anchors: y\npolicy: 'x\nsellers: {}\nagents: {}\n":                 "line 2: unclosed quote",
		"anchors: \"a\npolicy: \"x\"\nsellers: {}\n":                        "line 1: the indentation matches nothing above, or something follows a closing quote",
		"anchors: y\npolicy: 'it's'\n":                                      "line 2: the indentation matches nothing above, or something follows a closing quote",
		"policy: \"C:\\q\"\n":                                               `line 1: in "…" write a backslash as \\`,
		"anchors: y\npolicy: x\nanchors: z\n":                               "line 3: duplicate key anchors, first in line 1",
		"sellers:\n  s:\n    legal_name: S\n    legal_name: T\n":            "line 4: duplicate key sellers.s.legal_name, first in line 3",
		"sellers:\n  s:\n    legal_name: S\n   was: [a]\n":                  "line 4: the indentation matches nothing above",
		"policy: x\n  anchors: y\n":                                         "line 2: want one name: value, and quotes around a string with a colon",
		"policy: x: y\n":                                                    "line 1: want one name: value",
		"policy: x\nsellers:\n  s:\n    legal_name: Sun: Moon\n":            "line 4: want one name: value",
		"sellers:\n  s:\n    legal_name:S\n    was: [a]\n":                  "line 4: want one name: value, and quotes around a string with a colon; is there a space after the colon in the line above?",
		"policy: x\nanchors\n":                                              "line 2: want name: value",
		"policy: x\nanchors y\nsellers: {}\n":                               "line 2: want name: value",
		"agents:\n  a:\n    tools:\n    - x\n    - y\n    z: 1\n  b: - c\n": "line 7: want the - of a list on its own line",
		"agents:\n  a:\n    tools:\n      - x\n      z: 1\n":                "line 5: want the next - of the list above",
		"agents:\n  a:\n    tools: [x, y\n    seller: s\n":                  "line 3: after [ want a comma",
		"agents:\n  a:\n    tools: [\n      x,\n      y\n    seller: s\n":   "line 3: after [ want a comma",
		"agents:\n  a: {seller: s\n  b: {seller: s}\n":                      "line 2: after { want a comma",
		"agents:\n  a: {seller: s}}\n":                                      "line 2: the indentation matches nothing above, or something follows a closing quote or bracket",
		"agents: {}\npolicy: @home\n":                                       "line 2: a string can't begin with this character: put it in quotes",
		"agents: {}\npolicy: *.yaml\n":                                      "line 2: want a name after & or *; put a string that begins with one in quotes",
		"agents: {}\nsellers:\n  s: *common\npolicy: x\n":                   "line 3: no anchor &common above, which *common refers to",
		"agents:\n  a:\n    variables: &v\n      x: *v\n":                   "line 4: an alias is inside the block that it repeats",
		"policy: x\nagents:\n  b:\n    <<: [x]\n":                           "line 4: want the alias of a block after <<",
		"policy: x\nanchors: \x01\n":                                        "line 2: contains a control character",
		"policy: x\nanchors: \xff\n":                                        "line 2: not UTF-8",
		"policy: x\n---\nanchors: y\n":                                      "line 3: a second document begins after ---: want only one",
		"sellers: {s: {legal_name: [\n S,\n T]}}\npolicy: 'x\n":             "line 4: unclosed quote",
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
	if _, problems := ParseFile([]byte(b.String())); len(problems) != 1 || !strings.HasSuffix(problems[0].Error(), "unclosed quote") {
		t.Errorf("%q", problems)
	}
	if took := time.Since(begun); took > time.Minute {
		t.Errorf("it took %v", took)
	}
}
