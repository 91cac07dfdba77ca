package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/routing"
)

// NumberBlock is who answers a number: an agent, or whoever an endpoint names and, where
// it names nobody, an agent.
type NumberBlock struct {
	Agent string
	Ask   *askBlock // nil: nobody is asked
	wrong []string  // in its form, with lines; the rest of it is checked all the same
}

type askBlock struct {
	URL     string        `yaml:"url"`
	Timeout time.Duration `yaml:"timeout"`
}

// UnmarshalYAML reads an agent's name, or {ask: {url, timeout}, else: name}.
func (b *NumberBlock) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.AliasNode:
		return b.UnmarshalYAML(n.Alias)
	case yaml.ScalarNode:
		*b = NumberBlock{Agent: n.Value}
		return nil
	case yaml.MappingNode:
	default:
		*b = NumberBlock{wrong: []string{fmt.Sprintf("line %d: numbers: want an agent's name, or {ask: {url: …}, else: …}", n.Line)}}
		return nil
	}
	var long struct {
		Ask  *askBlock `yaml:"ask"`
		Else string    `yaml:"else"`
	}
	problems := append(strangers(n, "ask", "else"), strangers(valueOf(n, "ask"), "url", "timeout")...)
	var wrong *yaml.TypeError
	if err := n.Decode(&long); errors.As(err, &wrong) {
		problems = append(problems, wrong.Errors...)
	} else if err != nil {
		return err
	}
	*b = NumberBlock{long.Else, long.Ask, problems}
	return nil
}

// valueOf is what a mapping has at a key; nil if nothing.
func valueOf(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// strangers are the keys of a mapping that are none of the known ones: the decoder of a
// node does not report them.
func strangers(n *yaml.Node, known ...string) (problems []string) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(n.Content); i += 2 {
		if key := n.Content[i]; !slices.Contains(known, key.Value) {
			problems = append(problems, fmt.Sprintf("line %d: unknown key %s", key.Line, key.Value))
		}
	}
	return problems
}

// Answers is the agent of each number, where nobody is asked or nobody says.
func (f *File) Answers() map[string]string {
	all := map[string]string{}
	for n, b := range f.Numbers {
		all[n] = b.Agent
	}
	return all
}

// Asks tells whether an endpoint is asked who answers: any agent can answer then.
func (f *File) Asks() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(f.Numbers)), func(b NumberBlock) bool { return b.Ask != nil })
}

// answering checks who answers a number.
func (k *checker) answering(n string, b NumberBlock) {
	k.number(n, "numbers", n)
	if k.about == nil || k.about("numbers", n) {
		for _, text := range b.wrong {
			k.problems = append(k.problems, errors.New(text))
		}
	}
	switch _, ok := k.f.Agents[b.Agent]; {
	case ok:
	case b.Ask != nil && b.Agent == "":
		k.wrong("required: who answers where the endpoint names nobody", "numbers", n, "else")
	case b.Ask != nil:
		k.wrong("unknown agent", "numbers", n, "else")
	default:
		k.wrong("unknown agent", "numbers", n)
	}
	if b.Ask == nil {
		return
	}
	e := routing.Endpoint{URL: b.Ask.URL, Timeout: b.Ask.Timeout}
	if err := e.Check(); err != nil {
		k.wrong(err.Error(), "numbers", n, "ask", "url")
	}
	if err := e.CheckTimeout(); err != nil {
		k.wrong(err.Error(), "numbers", n, "ask", "timeout")
	}
}
