package tools

import (
	"context"
	"maps"
	"slices"
)

// Probe reaches the server once, lists its tools and leaves it again, beside whatever a registry does with it. leftOut
// says which of its tools cannot be used, and why.
func (m *MCP) Probe(ctx context.Context) (tools []Info, leftOut []LeftOut, err error) {
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

// Offers reaches the server once and returns all of its tools as they could be pinned, by the server's own names.
func (m *MCP) Offers(ctx context.Context) (map[string]Pin, error) {
	link, list, err := m.connect(ctx)
	if err != nil {
		return nil, err
	}
	defer link.close(errMCPClosed)
	all := map[string]Pin{}
	for _, t := range list {
		if all[t.Name], err = newPin(t.Name, t.Description, t.InputSchema); err != nil {
			return nil, err
		}
	}
	return all, nil
}
