package tools

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/rs/zerolog"
)

// Join makes the tools of an MCP server the registry's, as NAME.TOOL, from when the server is up. It is reached once the
// registry is started. A second server of one name, or a tool whose name begins with NAME and a dot, is an error.
func (r *Registry) Join(m *MCP) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := m.config.Name
	switch {
	case r.closed:
		return fmt.Errorf("tools: join %s: %w", name, errClosed)
	case r.started:
		return fmt.Errorf("tools: join %s: the registry is started", name)
	case r.servers[name] != nil:
		return fmt.Errorf("tools: join %s: a server with that name already exists", name)
	}
	for tool := range r.tools {
		if strings.HasPrefix(tool, name+".") {
			return fmt.Errorf("tools: join %s: a tool named %s already exists", name, tool)
		}
	}
	r.servers[name] = m
	return nil
}

// Start has the servers reached, in the background, and returns at once. Their tools come and go with them. The log is
// told of each server that comes up or goes down, and of tools that are left out; never of arguments or results.
func (r *Registry) Start(log zerolog.Logger) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.started || r.closed {
		return
	}
	r.started = true
	for _, m := range r.servers {
		m.start(log)
	}
}

// Tried waits until each server has been reached, or has been tried once in vain. The registry must be started.
func (r *Registry) Tried(ctx context.Context) error {
	for _, m := range r.joined() {
		select {
		case <-m.tried:
		case <-ctx.Done():
			return fmt.Errorf("tools: mcp %s: %w", m.config.Name, ctx.Err())
		}
	}
	return nil
}

// Promises reports whether a name is of a tool that the registry has, or that one of its servers may bring: NAME.TOOL,
// or NAME.* for all of a server's.
func (r *Registry) Promises(name string) bool {
	if _, ok := r.tool(name); ok {
		return true
	}
	m, short := r.server(name)
	return m != nil && (short == "*" || namePattern.MatchString(name))
}

// joined are the servers.
func (r *Registry) joined() []*MCP {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*MCP, 0, len(r.servers))
	for _, m := range r.servers {
		all = append(all, m)
	}
	return all
}

// server finds the server that a tool's name belongs to, nil if none does, and the rest of the name.
func (r *Registry) server(tool string) (*MCP, string) {
	name, short, ok := strings.Cut(tool, ".")
	if !ok || short == "" {
		return nil, ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.servers[name], short
}

// absent says why a tool is not there.
func (r *Registry) absent(name string) error {
	if m, _ := r.server(name); m != nil {
		return fmt.Errorf("tools: %w", m.missing())
	}
	return &Error{Say: sayUnknown, Err: errors.New("tools: no tool with that name")}
}

// closeServers ends all servers at once and waits for them.
func (r *Registry) closeServers() {
	var wg sync.WaitGroup
	for _, m := range r.joined() {
		wg.Go(m.close)
	}
	wg.Wait()
}
