package tools

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/patchcord/patchcord/internal/plain"
)

const (
	maxMCPTools       = 256
	maxMCPPages       = 64
	maxMCPDescription = 2 << 10 // bytes; it goes into an agent's prompt
)

var errMCPList = errors.New("its list of tools is unusable")

// list reads all pages of the server's list, at most maxMCPTools and one, which tells that there are more.
func (l *mcpLink) list(ctx context.Context, atMost time.Duration) ([]*mcp.Tool, error) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	var all []*mcp.Tool
	params := &mcp.ListToolsParams{}
	for range maxMCPPages {
		page, err := l.session.ListTools(ctx, params)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Tools...)
		if page.NextCursor == "" || len(all) > maxMCPTools {
			return all[:min(len(all), maxMCPTools+1)], nil
		}
		if page.NextCursor == params.Cursor {
			return nil, fmt.Errorf("%w: a page leads to itself", errMCPList)
		}
		params = &mcp.ListToolsParams{Cursor: page.NextCursor}
	}
	return nil, fmt.Errorf("%w: it has more than %d pages", errMCPList, maxMCPPages)
}

// mcpTool is a tool of a server, and what it was made from.
type mcpTool struct {
	Tool
	name        string // with the server
	description string
	schema      string
}

// LeftOut is a tool of a server that can't be used.
type LeftOut struct {
	Tool string // as the server names it
	Why  string
}

// String is the tool's name, quoted, and the reason.
func (l LeftOut) String() string { return cut(fmt.Sprintf("%q", l.Tool), 80) + ": " + l.Why }

// publish makes a list of the server's the tools of ours, and warns of those that are left out.
func (m *MCP) publish(list []*mcp.Tool) {
	m.mu.Lock()
	old, before := m.tools, m.leftOut
	m.mu.Unlock()
	tools, leftOut := m.fit(list, old)
	m.mu.Lock()
	m.tools, m.leftOut = tools, leftOut
	m.mu.Unlock()
	if !slices.Equal(leftOut, before) {
		for _, why := range leftOut {
			m.log.Warn().Stringer("which", why).Msg("MCP tool left out")
		}
	}
}

// fit makes tools from a server's list. Those that cannot be are told with the reason, in the order of the list.
func (m *MCP) fit(list []*mcp.Tool, old map[string]mcpTool) (map[string]mcpTool, []LeftOut) {
	var leftOut []LeftOut
	leave := func(name, format string, args ...any) {
		leftOut = append(leftOut, LeftOut{name, cut(fmt.Sprintf(format, args...), maxReason)})
	}
	if len(list) > maxMCPTools {
		list = list[:maxMCPTools]
		leave("…", "the limit is %d tools a server; the rest of the list is ignored", maxMCPTools)
	}
	exact, fitted := map[string]int{}, map[string]int{}
	for _, t := range list {
		exact[t.Name]++
		if name := fitName(t.Name); name != t.Name {
			fitted[name]++
		}
	}
	tools := map[string]mcpTool{}
	for _, t := range list {
		short := fitName(t.Name)
		name := m.config.Name + "." + short
		switch {
		case short == "" || !namePattern.MatchString(name):
			leave(t.Name, "%q is not a valid name: it does not match %s", cut(name, 100), namePattern)
			continue
		case exact[t.Name] > 1:
			leave(t.Name, "it is in the list %d times", exact[t.Name])
			continue
		case short != t.Name && (fitted[short] > 1 || exact[short] > 0):
			leave(t.Name, "another tool would also be named %s", name)
			continue
		}
		if why := m.unpinned(t); why != "" {
			leave(t.Name, "%s; review it with bridge tools pin", why)
			continue
		}
		made, err := m.make(name, t, old[name])
		if err != nil {
			leave(t.Name, "%v", err)
			continue
		}
		tools[name] = made
	}
	return tools, leftOut
}

// unpinned says why a tool is not the one that was pinned.
func (m *MCP) unpinned(t *mcp.Tool) string {
	if m.config.Pins == nil {
		return ""
	}
	now, err := newPin(t.Name, t.Description, t.InputSchema)
	if err != nil {
		return err.Error()
	}
	pin, ok := m.config.Pins[t.Name]
	if !ok {
		return "it is not pinned"
	}
	return pin.differs(now)
}

// make makes one tool, or takes the one of before if nothing has changed.
func (m *MCP) make(name string, t *mcp.Tool, old mcpTool) (mcpTool, error) {
	schema, checked, err := adapt(t.InputSchema)
	if err != nil {
		return mcpTool{}, err
	}
	description := cut(plain.Clean(t.Description), maxMCPDescription)
	made := mcpTool{name: t.Name, description: description, schema: string(schema)}
	if old.name == made.name && old.description == made.description && old.schema == made.schema {
		return old, nil
	}
	made.Tool, err = newTool(name, description, checked, func(ctx context.Context, c Call) (string, error) {
		return m.call(ctx, t.Name, c)
	}, []Option{Timeout(m.longest)})
	if !bytes.Equal(schema, checked) { // agents are shown also what only the server checks
		made.info.Schema = schema
	}
	return made, err
}

var unfitRun = regexp.MustCompile(`[^a-zA-Z0-9_.-]+`)

// fitName makes a name fit for namePattern: what it does not know becomes an underscore, and none at either end.
func fitName(name string) string {
	if unfitRun.MatchString(name) {
		return strings.Trim(unfitRun.ReplaceAllString(name, "_"), "_")
	}
	return name
}

// lookup finds a tool by its full name. Those of a server that is down are found as well, once it was up.
func (m *MCP) lookup(name string) (Tool, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tools[name]
	return t.Tool, ok
}

// names are those of its tools, sorted.
func (m *MCP) names() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.tools))
}
