package config

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/rs/zerolog"
	"go.yaml.in/yaml/v3"
)

// placeholder is something of bridge.example.yaml that is left in bridge.yaml.
type placeholder struct {
	line    int
	setting string
	value   string
}

// fictional is a telephone number that nobody has: 555-0100 to 555-0199 of any area.
var fictional = regexp.MustCompile(`^\+1\d{3}55501\d\d$`)

// exampleName is the seller of bridge.example.yaml.
const exampleName = "Riverbend Dental LLC"

// isPlaceholder tells whether a value is one that examples use, and that can't work: a fictional
// number, a host that is reserved for examples (RFC 2606), the example's business.
func isPlaceholder(value string) bool {
	if fictional.MatchString(value) || value == exampleName {
		return true
	}
	u, err := url.Parse(value)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	for _, domain := range []string{"example", "example.com", "example.org", "example.net"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// placeholders is all that is left of the examples, in the order of the file.
func (c *Config) placeholders() (list []placeholder) {
	if c.PublicURL != "" && isPlaceholder(c.PublicURL) {
		list = append(list, placeholder{0, "PUBLIC_URL", c.PublicURL})
	}
	var walk func(n *yaml.Node, path []string)
	note := func(n *yaml.Node, path []string) {
		if isPlaceholder(n.Value) {
			list = append(list, placeholder{n.Line, strings.Join(path, "."), n.Value})
		}
	}
	walk = func(n *yaml.Node, path []string) {
		switch n.Kind {
		case yaml.DocumentNode:
			for _, child := range n.Content {
				walk(child, path)
			}
		case yaml.SequenceNode:
			for i, child := range n.Content {
				walk(child, append(path[:len(path):len(path)], fmt.Sprint(i)))
			}
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				note(n.Content[i], path)
				walk(n.Content[i+1], append(path[:len(path):len(path)], n.Content[i].Value))
			}
		case yaml.ScalarNode:
			note(n, path)
		}
	}
	if c.File.root != nil {
		walk(c.File.root, nil)
	}
	return list
}

// CheckPlaceholders names what is left of the examples, and variables that nothing reads.
func CheckPlaceholders(_ context.Context, c *Config) (all []Finding) {
	for _, p := range c.placeholders() {
		f := Finding{"placeholder", Wrong, fmt.Sprintf("%s: %s is only an example: use your own", p.setting, p.value)}
		if p.value == exampleName { // it works, and is somebody else's name
			f.State = Warning
		}
		if p.line > 0 {
			f.Say = fmt.Sprintf("%s: line %d: %s", c.Config, p.line, f.Say)
		}
		all = append(all, f)
	}
	for _, text := range c.unknownVariables() {
		all = append(all, Finding{"environment", Warning, text})
	}
	return all
}

// WarnOfPlaceholders is the same for the log, which holds no number.
func (c *Config) WarnOfPlaceholders(log zerolog.Logger) {
	for _, p := range c.placeholders() {
		section, _, _ := strings.Cut(p.setting, ".+")
		log.Warn().Str("setting", section).Int("line", p.line).Msg("still has a placeholder from the examples")
	}
	for _, text := range c.unknownVariables() {
		log.Warn().Str("problem", text).Msg("unknown setting in the environment")
	}
}
