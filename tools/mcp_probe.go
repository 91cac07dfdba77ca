package tools

import (
	"context"
	"maps"
	"slices"
)

// Probe reaches the server once, lists its tools and leaves it again, beside whatever a registry does with it. leftOut
// says which of its tools cannot be used, and why.
func (m *MCP) Probe(ctx context.Context) (tools []Info, leftOut []string, err error) {
	link, list, err := m.connect(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer link.close(errMCPClosed)
	fit, leftOut := m.fit(list, nil)
	for _, name := range slices.Sorted(maps.Keys(fit)) {
		tools = append(tools, fit[name].Info())
	}
	return tools, leftOut, nil
}
