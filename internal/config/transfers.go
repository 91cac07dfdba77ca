package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/phone"
)

// transferBlock is an agent's transfer_to: a number, or a map of names to numbers, in the
// order of the file.
type transferBlock []transferRow

// transferRow is one of them. The number of a transfer_to without names has none.
type transferRow struct{ name, number string }

// UnmarshalYAML reads either form.
func (b *transferBlock) UnmarshalYAML(n *yaml.Node) error {
	*b = nil
	switch {
	case n.Kind == yaml.AliasNode:
		return b.UnmarshalYAML(n.Alias)
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return nil
	case n.Kind == yaml.ScalarNode:
		*b = transferBlock{{number: n.Value}}
		return nil
	case n.Kind != yaml.MappingNode:
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: transfer_to: want a number, or names with a number each", n.Line)}}
	}
	var wrong []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if value.Kind == yaml.AliasNode {
			value = value.Alias
		}
		if value.Kind != yaml.ScalarNode {
			wrong = append(wrong, fmt.Sprintf("line %d: transfer_to.%s: want a number", key.Line, key.Value))
			continue
		}
		*b = append(*b, transferRow{key.Value, value.Value})
	}
	if wrong != nil {
		return &yaml.TypeError{Errors: wrong}
	}
	return nil
}

var (
	transferName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9 _-]{0,63}$`)
	longDigits   = regexp.MustCompile(`[0-9]{6,}`) // a number in the place of a name
	oneKey       = regexp.MustCompile(`^[0-9*#]$`)
)

// maxTransfers bounds the list: an agent is told all names with each call.
const maxTransfers = 50

// transfers checks whom an agent may put calls through to, and what its keys do.
func (k *checker) transfers(agent string, a AgentBlock) {
	at := func(path ...string) []string { return append([]string{"agents", agent}, path...) }
	if len(a.TransferTo) > maxTransfers {
		k.wrong(fmt.Sprintf("want at most %d names", maxTransfers), at("transfer_to")...)
	}
	seen := map[string]bool{}
	for _, t := range a.TransferTo {
		path := at("transfer_to")
		if t.name != "" {
			path = append(path, t.name)
			if !transferName.MatchString(t.name) || longDigits.MatchString(t.name) {
				k.wrong("want a name of letters, digits, spaces, - and _, at most 64, that begins with a letter and is not a telephone number", path...)
			}
			if folded := strings.ToLower(t.name); seen[folded] {
				k.wrong("duplicate name: upper and lower case are the same", path...)
			} else {
				seen[folded] = true
			}
		} else if len(a.TransferTo) > 1 {
			k.wrong("empty name", path...)
		}
		if t.number == "" && t.name != "" {
			k.wrong("want a number", path...)
		}
		k.number(t.number, path...)
	}
	for _, key := range slices.Sorted(maps.Keys(a.Keys)) {
		path := at("keys", key)
		tool := a.Keys[key]
		if !oneKey.MatchString(key) {
			k.wrong("want a key of 0-9, * or #, in quotes", path...)
		}
		if key == "9" {
			k.wrong("key 9 is reserved: it is how people opt out of outbound calls", path...)
		}
		k.oneOf(tool, call.KeyActions, path...)
		if tool == "" {
			k.wrong("want one of "+strings.Join(call.KeyActions, ", "), path...)
		}
		if tool == builtin.TransferCall && len(a.TransferTo) == 0 {
			k.wrong("transfer_call requires a transfer_to", path...)
		}
	}
}

// SetTransfers gives an agent its list and its keys.
func (c *Config) SetTransfers(name string, a AgentBlock, p *call.Profile) error {
	for _, t := range a.TransferTo {
		if t.number == "" {
			continue
		}
		n, err := phone.Parse(t.number)
		if err != nil {
			return c.File.Problem(err.Error(), "agents", name, "transfer_to", t.name)
		}
		p.Transfers = append(p.Transfers, builtin.Transfer{Name: t.name, Number: n})
	}
	p.Keys = a.Keys
	return nil
}
