package config

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/tools"
)

// Where a tool comes from.
const (
	KindHTTP    = "http"     // of bridge.yaml
	KindGo      = "go"       // of the program
	KindMCP     = "mcp"      // of an MCP server
	KindBuiltin = "built-in" // of a call
	kindUnknown = "unknown"
)

// ToolKind tells where a tool of that name comes from.
func (c *Config) ToolKind(name string) string {
	if c.brings(name) {
		return KindGo
	}
	if _, ok := c.File.Tools[name]; ok {
		return KindHTTP
	}
	if slices.Contains(Builtins, name) || builtin.Is(name) {
		return KindBuiltin
	}
	if server, _, dotted := strings.Cut(name, "."); dotted {
		if _, ok := c.File.MCP[server]; ok {
			return KindMCP
		}
	}
	return kindUnknown
}

// ToolRow is a line of the list of tools.
type ToolRow struct {
	Name        string          `json:"name"`
	Kind        string          `json:"kind"`
	Timeout     int64           `json:"timeout_ms,omitempty"`
	Agents      []string        `json:"agents"`
	Description string          `json:"description,omitempty"`
	Parameters  json.RawMessage `json:"parameters,omitempty"`
	Unfit       string          `json:"unfit,omitempty"` // why no agent can use it
}

// ToolRows is every tool that the configuration or this version knows, by name.
// The registry may be nil, where it could not be made; what MCP servers bring is
// then not known.
func (c *Config) ToolRows(r *tools.Registry) []ToolRow {
	names := map[string]bool{}
	for _, info := range builtin.All() {
		names[info.Name] = true
	}
	for _, t := range c.Own {
		names[t.Info().Name] = true
	}
	for name := range c.File.Tools {
		names[name] = true
	}
	absent := AbsentTools(r)
	for name := range absent {
		names[name] = true
	}
	if r != nil {
		for _, info := range r.List() {
			names[info.Name] = true
		}
	}
	users := map[string][]string{}
	for _, agent := range slices.Sorted(maps.Keys(c.File.Agents)) {
		for _, name := range c.File.Agents[agent].Tools {
			if !slices.Contains(users[name], agent) {
				users[name] = append(users[name], agent)
			}
			if !c.allOf(name, r) || absent[name] != "" {
				names[name] = true
			}
		}
	}
	var rows []ToolRow
	for _, name := range slices.Sorted(maps.Keys(names)) {
		info, unfit := c.DescribeTool(name, r)
		if why := absent[name]; why != "" {
			unfit = why
		}
		by := append([]string{}, users[name]...)
		if server, _, dotted := strings.Cut(name, "."); dotted && !strings.HasSuffix(name, ".*") {
			by = slices.Compact(slices.Sorted(slices.Values(append(by, users[server+".*"]...))))
		}
		row := ToolRow{Name: name, Kind: c.ToolKind(name), Agents: by, Description: info.Description, Parameters: info.Schema, Unfit: unfit}
		if row.Kind != KindBuiltin {
			row.Timeout = info.Timeout.Milliseconds()
		}
		rows = append(rows, row)
	}
	return rows
}

// allOf tells whether a name is for all tools of an MCP server that is asked.
func (c *Config) allOf(name string, r *tools.Registry) bool {
	server, all := strings.CutSuffix(name, ".*")
	_, ok := c.File.MCP[server]
	return all && ok && r != nil
}

// AbsentTools are the tools of MCP servers that no agent can use, and why: all of a server that is down, NAME.*, and what is
// left out of the others' lists, by the servers' own names.
func AbsentTools(r *tools.Registry) map[string]string {
	absent := map[string]string{}
	if r == nil {
		return absent
	}
	for _, s := range r.Servers() {
		if s.Down != nil {
			absent[s.Server+".*"] = "the server is down: " + InLine(s.Down)
			continue
		}
		for _, l := range s.LeftOut {
			absent[s.Server+"."+l.Tool] = l.Why
		}
	}
	return absent
}

// DescribeTool finds what agents are told of a tool, or why none can use it. The
// registry is for those that neither bridge.yaml nor this program describes; it may
// be nil.
func (c *Config) DescribeTool(name string, r *tools.Registry) (info tools.Info, unfit string) {
	switch c.ToolKind(name) {
	case KindHTTP:
		return c.describeHTTP(name)
	case KindGo:
		if _, twice := c.File.Tools[name]; twice {
			unfit = "bridge.yaml also has a tool with this name"
		}
		i := slices.IndexFunc(c.Own, func(t tools.Tool) bool { return t.Info().Name == name })
		return c.Own[i].Info(), unfit
	case KindBuiltin:
		all := builtin.All()
		if i := slices.IndexFunc(all, func(t tools.Info) bool { return t.Name == name }); i >= 0 {
			return all[i], ""
		}
		return info, "not in this version; agents run without it"
	}
	if r != nil {
		if info, ok := r.Lookup(name); ok {
			return info, ""
		}
	}
	if c.ToolKind(name) == KindMCP {
		return info, "no MCP server currently offers it"
	}
	return info, "unknown tool"
}

func (c *Config) describeHTTP(name string) (info tools.Info, unfit string) {
	var reasons []string
	for _, p := range c.CheckFile(func(path ...string) bool { return len(path) > 1 && path[0] == "tools" && path[1] == name }) {
		reasons = append(reasons, p.Error())
	}
	if len(reasons) > 0 {
		return info, strings.Join(reasons, "; ")
	}
	t, err := c.httpTool(name, c.File.Tools[name])
	if err != nil {
		return info, InLine(c.File.Problem(err.Error(), "tools", name))
	}
	return t.Info(), ""
}
