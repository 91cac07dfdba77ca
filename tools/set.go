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
}

// Only makes an agent's allow-list. Names that are not in the registry are an error that lists them.
func (r *Registry) Only(names ...string) (Set, error) {
	var unknown []string
	for _, name := range names {
		if _, ok := r.tool(name); !ok {
			unknown = append(unknown, fmt.Sprintf("%q", name))
		}
	}
	if len(unknown) > 0 {
		return Set{}, fmt.Errorf("tools: no tool named %s", strings.Join(unknown, ", "))
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return Set{registry: r, names: slices.Compact(sorted)}, nil
}

// List describes the allowed tools, sorted by name.
func (s Set) List() []Info {
	infos := make([]Info, 0, len(s.names))
	for _, name := range s.names {
		if info, ok := s.registry.Lookup(name); ok {
			infos = append(infos, info)
		}
	}
	return infos
}

// Call is [Registry.Call] for an allowed tool, and an error answer for any other.
func (s Set) Call(ctx context.Context, c Call) Answer {
	if _, ok := slices.BinarySearch(s.names, c.Name); !ok {
		return unknown(c, "tools: the tool is not on the agent's list")
	}
	return s.registry.Call(ctx, c)
}
