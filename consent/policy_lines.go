package consent

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// keyLines finds the lines of a file's keys.
type keyLines struct{ root yaml.Node }

// say is a problem with a key, given as a dotted path, or with an element of a list.
func (k *keyLines) say(path, what string) error {
	name := path
	if list, _, ok := strings.Cut(path, "."); ok && list == "switched_off" {
		name = list
	}
	if line := k.line(path); line > 0 {
		return fmt.Errorf("line %d: %s: %s", line, name, what)
	}
	return fmt.Errorf("%s: %s", name, what)
}

// line is the line of the deepest key on a path that is there; 0 for none.
func (k *keyLines) line(path string) int {
	if len(k.root.Content) == 0 {
		return 0
	}
	n, line := k.root.Content[0], 0
	for key, rest, more := strings.Cut(path, "."); ; key, rest, more = strings.Cut(rest, ".") {
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == key {
					line, next = n.Content[i].Line, n.Content[i+1]
				}
			}
		case yaml.SequenceNode:
			full := key
			if more {
				full += "." + rest
			}
			for _, c := range n.Content {
				if c.Value == full {
					return c.Line
				}
			}
		}
		if next == nil || !more {
			return line
		}
		n = next
	}
}
