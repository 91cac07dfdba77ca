package tools

import (
	"slices"
	"strings"
)

// State is how a server does.
type State struct {
	Server  string
	Down    error     // why it is down; nil if it is up
	LeftOut []LeftOut // of its newest list
}

// Servers says how each MCP server does, by name.
func (r *Registry) Servers() []State {
	var all []State
	for _, m := range r.joined() {
		m.mu.Lock()
		state := State{m.config.Name, m.why, slices.Clone(m.leftOut)}
		if m.link != nil {
			state.Down = nil
		}
		all = append(all, state)
		m.mu.Unlock()
	}
	slices.SortFunc(all, func(a, b State) int { return strings.Compare(a.Server, b.Server) })
	return all
}
