package builtin

import (
	"slices"

	"github.com/patchcord/patchcord/tools"
)

// Grant is what an agent may use.
type Grant struct {
	Tools     []string // by name
	Transfers Transfers
}

// List describes the tools that the agent may use, as it is told of them.
func (g Grant) List() []tools.Info {
	var infos []tools.Info
	for _, t := range all {
		if info, ok := g.describe(t); ok {
			infos = append(infos, info)
		}
	}
	return infos
}

// Find returns a tool that the agent may use; false if there is none of that name.
func (g Grant) Find(name string) (Tool, bool) {
	t, _ := Find(name)
	_, ok := g.describe(t)
	return t, ok
}

func (g Grant) describe(t Tool) (tools.Info, bool) {
	switch {
	case !slices.Contains(g.Tools, t.info.Name):
		return t.info, false
	case t.fit != nil:
		return t.fit(g.Transfers, t.info)
	}
	return t.info, true
}
