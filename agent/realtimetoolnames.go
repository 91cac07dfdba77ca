package agent

import (
	"fmt"
	"regexp"

	"github.com/patchcord/patchcord/realtime"
)

// toolNames are the names of the tools on the wire, which takes fewer characters than we do.
type toolNames struct{ toWire, toOurs map[string]string }

const maxToolNameLength = 64

var notInToolName = regexp.MustCompile(`[^A-Za-z0-9_-]`)

func newToolNames(list []Tool) *toolNames {
	n := &toolNames{map[string]string{}, map[string]string{}}
	for _, t := range list {
		name := notInToolName.ReplaceAllString(t.Name, "_")
		name = name[:min(len(name), maxToolNameLength)]
		for i := 2; n.toOurs[name] != ""; i++ {
			suffix := fmt.Sprintf("_%d", i)
			name = name[:min(len(name), maxToolNameLength-len(suffix))] + suffix
		}
		n.toWire[t.Name], n.toOurs[name] = name, t.Name
	}
	return n
}

func (n *toolNames) tools(list []Tool) []realtime.Tool {
	all := make([]realtime.Tool, 0, len(list)) // not nil: there are none but these
	for _, t := range list {
		all = append(all, realtime.Tool{Name: n.toWire[t.Name], Description: t.Description, Parameters: t.Schema})
	}
	return all
}

// ours is a tool's name; of one that the model made up, what it made up.
func (n *toolNames) ours(name string) string {
	if own := n.toOurs[name]; own != "" {
		return own
	}
	return name
}

func (n *toolNames) wire(name string) string {
	if w := n.toWire[name]; w != "" {
		return w
	}
	w := notInToolName.ReplaceAllString(name, "_")
	return w[:min(len(w), maxToolNameLength)]
}
