package tools

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

const (
	mcpBackoffMin = 250 * time.Millisecond
	mcpBackoffMax = 30 * time.Second
	mcpSteady     = 30 * time.Second // up for so long, a server starts over with the shortest wait
	mcpCheckEvery = 30 * time.Second
	mcpPatience   = 5 * time.Second  // for the answer to a check, which is tried twice
	mcpRelist     = 15 * time.Second // for all pages of a new list
	mcpListPause  = time.Second      // between two lists, however often the server says that they changed
)

var (
	errMCPSilent = errors.New("it does not answer")
	errMCPClosed = errors.New("the registry is closed")
)

// run keeps the server connected until ctx ends.
func (m *MCP) run(ctx context.Context) {
	defer close(m.stopped)
	defer func() { m.down(errMCPClosed) }()
	tried := sync.OnceFunc(func() { close(m.tried) })
	defer tried()
	for attempt := 0; ; attempt++ {
		began := time.Now()
		link, list, err := m.connect(ctx)
		if err == nil {
			m.up(link, list)
			tried()
			err = m.attend(ctx, link)
			m.down(err)
			link.close(err)
			if time.Since(began) >= mcpSteady {
				attempt = 0
			}
		}
		if ctx.Err() != nil {
			return
		}
		wait := mcpBackoff(attempt)
		m.failed(err, link, wait)
		tried()
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

// mcpBackoff is how long to wait after a number of failures in a row: doubled each time, between half of it and all of it
// by chance, so that servers that went down together do not come back together.
func mcpBackoff(attempt int) time.Duration {
	wait := mcpBackoffMax
	if attempt < 7 { // 250 ms doubled seven times is more than 30 s
		wait = mcpBackoffMin << attempt
	}
	return wait/2 + rand.N(wait/2)
}

// attend watches over a connection and says why it cannot go on.
func (m *MCP) attend(ctx context.Context, link *mcpLink) error {
	tick := time.NewTicker(mcpCheckEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return errMCPClosed
		case <-link.ended:
			return link.reason(link.err)
		case <-link.changed:
			list, err := link.list(ctx, mcpRelist)
			if err != nil {
				return link.reason(err)
			}
			m.publish(list)
			select {
			case <-time.After(mcpListPause):
			case <-link.ended:
			case <-ctx.Done():
			}
		case <-link.doubt:
			if err := m.check(ctx, link); err != nil {
				return link.reason(err)
			}
		case <-tick.C:
			if err := m.check(ctx, link); err != nil {
				return link.reason(err)
			}
		}
	}
}

// check asks the server for a sign of life. Any answer is one, an error too. A command that is busy with a call is left
// alone for as long as a call may take, for many do one thing at a time.
func (m *MCP) check(ctx context.Context, link *mcpLink) error {
	var err error
	for range 2 {
		if m.url == nil && m.busy() && link.meter.quiet() < m.longest {
			return nil
		}
		err = m.ask(ctx, link)
		if _, answered := mcpAnswer(err); answered || err == nil {
			return nil
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
	}
	return errMCPSilent
}

// ask sends one small request. Since the protocol of 2026-07-28 there is no ping; the first page of the list serves, and
// renews the tools if it is all of them.
func (m *MCP) ask(ctx context.Context, link *mcpLink) error {
	ctx, cancel := context.WithTimeout(ctx, mcpPatience)
	defer cancel()
	if link.session.InitializeResult().ProtocolVersion < "2026-07-28" {
		return link.session.Ping(ctx, nil)
	}
	page, err := link.session.ListTools(ctx, &mcp.ListToolsParams{})
	if err == nil && page.NextCursor == "" {
		m.publish(page.Tools)
	}
	return err
}

func (m *MCP) busy() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.flying > 0
}

// up makes the link the one that calls go over.
func (m *MCP) up(link *mcpLink, list []*mcp.Tool) {
	m.publish(list)
	m.mu.Lock()
	m.link = link
	away, tools := time.Since(m.since), len(m.tools)
	m.mu.Unlock()
	m.log.Info().Int("tools", tools).Dur("away_ms", away).Msg("MCP server connected")
}

// down makes calls fail at once. The tools stay known: whoever has been told of them may ask again later.
func (m *MCP) down(why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link != nil {
		m.since = time.Now()
	}
	m.link, m.why = nil, why
}

// failed tells of a failure: loud when the server goes down or never came up, quiet for each attempt after that.
func (m *MCP) failed(err error, link *mcpLink, wait time.Duration) {
	m.mu.Lock()
	first := link != nil || m.why == nil || m.why.Error() != err.Error()
	m.why = err
	since := m.since
	m.mu.Unlock()
	event := m.log.Debug()
	if first {
		event = m.log.Warn()
	}
	event.Err(err).Time("since", since).Dur("retry_in_ms", wait).Msg("MCP server down; its tools return an error")
}
