package tools

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Config bounds a Registry.
type Config struct {
	MaxPerCall int // handlers at once for one telephone call. Defaults to 4
	MaxTotal   int // handlers at once for all calls. Defaults to 64
}

// Registry holds tools and runs them. Make it with [NewRegistry]; it may be used from several goroutines, and whoever
// made it closes it.
type Registry struct {
	config Config

	mu      sync.Mutex // guards what follows
	tools   map[string]Tool
	servers map[string]*MCP // whose tools come and go
	started bool            // the servers are being reached
	running map[string]int  // handlers in flight, by telephone call
	total   int             // handlers in flight
	closed  bool
	idle    chan struct{} // closed when the registry is closed and no handler is left
}

// NewRegistry returns an empty registry. A bound that is negative, or a MaxPerCall above MaxTotal, is an error.
func NewRegistry(c Config) (*Registry, error) {
	if c.MaxPerCall < 0 || c.MaxTotal < 0 {
		return nil, fmt.Errorf("tools: MaxPerCall %d and MaxTotal %d must not be negative", c.MaxPerCall, c.MaxTotal)
	}
	if c.MaxTotal == 0 {
		c.MaxTotal = 64
	}
	if c.MaxPerCall == 0 {
		c.MaxPerCall = min(4, c.MaxTotal)
	}
	if c.MaxPerCall > c.MaxTotal {
		return nil, fmt.Errorf("tools: MaxPerCall %d is above MaxTotal %d", c.MaxPerCall, c.MaxTotal)
	}
	return &Registry{
		config:  c,
		tools:   map[string]Tool{},
		servers: map[string]*MCP{},
		running: map[string]int{},
		idle:    make(chan struct{}),
	}, nil
}

// Add puts a tool into the registry. Two tools of one name are an error, for an agent could not tell them apart.
func (r *Registry) Add(t Tool) error {
	if t.handle == nil {
		return errors.New("tools: add: the tool was not created by New or HTTP")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return fmt.Errorf("tools: add %s: %w", t.info.Name, errClosed)
	}
	if _, ok := r.tools[t.info.Name]; ok {
		return fmt.Errorf("tools: add %s: a tool with that name already exists", t.info.Name)
	}
	if server, _, dotted := strings.Cut(t.info.Name, "."); dotted && r.servers[server] != nil {
		return fmt.Errorf("tools: add %s: this prefix is reserved for an MCP server's tools", t.info.Name)
	}
	r.tools[t.info.Name] = t
	return nil
}

// Lookup finds a tool by its name.
func (r *Registry) Lookup(name string) (Info, bool) {
	t, ok := r.tool(name)
	return t.Info(), ok
}

// List describes every tool, sorted by name. A server's are among them once it has been up, even if it is down now.
func (r *Registry) List() []Info {
	r.mu.Lock()
	names := slices.Collect(maps.Keys(r.tools))
	r.mu.Unlock()
	for _, m := range r.joined() {
		names = append(names, m.names()...)
	}
	slices.Sort(names)
	return r.describe(names)
}

// describe looks up names; what has gone meanwhile is left out.
func (r *Registry) describe(names []string) []Info {
	infos := make([]Info, 0, len(names))
	for _, name := range names {
		if info, ok := r.Lookup(name); ok {
			infos = append(infos, info)
		}
	}
	return infos
}

func (r *Registry) tool(name string) (Tool, bool) {
	r.mu.Lock()
	t, ok := r.tools[name]
	r.mu.Unlock()
	if ok {
		return t, true
	}
	if m, _ := r.server(name); m != nil {
		return m.lookup(name)
	}
	return Tool{}, false
}

// Close refuses further calls, waits for the handlers in flight (also for those whose call was answered at the deadline
// without them), closes idle connections and ends the MCP servers, for which it takes a few seconds at most. If ctx ends first, the error says how many handlers are left; they are not
// waited for any more. Close cancels nothing: every handler's context ends at its own deadline, or with its call.
func (r *Registry) Close(ctx context.Context) error {
	r.mu.Lock()
	if !r.closed {
		r.closed = true
		r.signalIdle()
	}
	r.mu.Unlock()

	var err error
	select {
	case <-r.idle:
	case <-ctx.Done():
		err = ctx.Err()
	}

	r.mu.Lock()
	held, left := slices.Collect(maps.Values(r.tools)), r.total
	r.mu.Unlock()
	for _, t := range held {
		if t.close != nil {
			t.close()
		}
	}
	r.closeServers()
	if err != nil && left > 0 {
		return fmt.Errorf("tools: close: %d handlers have not returned: %w", left, err)
	}
	return nil
}
