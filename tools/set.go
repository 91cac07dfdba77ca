package tools

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Set is what one agent may use of a registry. Make it with [Registry.Only]; the zero Set allows nothing.
type Set struct {
	registry *Registry
	names    []string // sorted, each once
	servers  []string // all of whose tools are allowed
}

// Only makes an agent's allow-list. A name may be NAME.TOOL of a server that has not been up yet, and NAME.* for all of a
// server's tools, whichever they are at the time. Names that the registry does not promise are an error that lists them.
func (r *Registry) Only(names ...string) (Set, error) {
	var unknown, servers []string
	for _, name := range names {
		if !r.Promises(name) {
			unknown = append(unknown, fmt.Sprintf("%q", name))
		}
		if server, ok := strings.CutSuffix(name, ".*"); ok {
			servers = append(servers, server)
		}
	}
	if len(unknown) > 0 {
		return Set{}, fmt.Errorf("tools: no tool named %s", strings.Join(unknown, ", "))
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return Set{registry: r, names: slices.Compact(sorted), servers: servers}, nil
}

// List describes the allowed tools that there are now, sorted by name.
func (s Set) List() []Info {
	if s.registry == nil {
		return []Info{}
	}
	names := slices.Clone(s.names)
	for _, server := range s.servers {
		if m, _ := s.registry.server(server + ".*"); m != nil {
			names = append(names, m.names()...)
		}
	}
	slices.Sort(names)
	return s.registry.describe(slices.Compact(names))
}

// allows reports whether a tool is on the list.
func (s Set) allows(name string) bool {
	if _, ok := slices.BinarySearch(s.names, name); ok {
		return true
	}
	server, _, dotted := strings.Cut(name, ".")
	return dotted && slices.Contains(s.servers, server)
}

// Call is [Registry.Call] for an allowed tool, and an error answer for any other.
func (s Set) Call(ctx context.Context, c Call) Answer {
	if !s.allows(c.Name) {
		return unknown(c, "tools: the tool is not on the agent's list")
	}
	return s.registry.Call(ctx, c)
}
