package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpKey is where the server finds the call's Key, within _meta.
const mcpKey = "patchcord/idempotency-key"

// call runs one tool of the server.
func (m *MCP) call(ctx context.Context, name string, c Call) (string, error) {
	link, err := m.enter()
	if err != nil {
		return "", err
	}
	defer m.leave()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(link.ctx, func() { cancel(errMCPGone) })()

	result, err := link.session.CallTool(ctx, &mcp.CallToolParams{Meta: mcp.Meta{mcpKey: c.Key}, Name: name, Arguments: c.Arguments})
	if err != nil {
		return "", m.unanswered(ctx, link, err)
	}
	return mcpContent(result)
}

// errMCPGone is why a call ends together with its link.
var errMCPGone = errors.New("the server went down")

// enter takes a place for a call, or says why there is none.
func (m *MCP) enter() (*mcpLink, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.link == nil:
		return nil, m.isDown()
	case m.flying >= maxMCPFlying:
		return nil, &Error{Say: sayBusy, Err: fmt.Errorf("mcp: %d calls of %s are in flight already", maxMCPFlying, m.config.Name)}
	}
	m.flying++
	return m.link, nil
}

func (m *MCP) leave() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.flying--
}

// isDown says which server is down, since when and why. m.mu is held.
func (m *MCP) isDown() error {
	return fmt.Errorf("mcp: %s is down since %s: %w", m.config.Name, m.since.UTC().Format(time.RFC3339), m.why)
}

// missing says why the server has no tool of a name: it may never have been up.
func (m *MCP) missing() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.link == nil {
		return m.isDown()
	}
	return &Error{Say: sayUnknown, Err: fmt.Errorf("mcp: %s has no tool with that name", m.config.Name)}
}

// unanswered describes a call that brought no result. Whatever may be the server's end has it looked at.
func (m *MCP) unanswered(ctx context.Context, link *mcpLink, err error) error {
	if answer, ok := mcpAnswer(err); ok {
		refusal := &Error{Err: fmt.Errorf("mcp: %s returned error %d", m.config.Name, answer.Code)}
		if answer.Code == jsonrpc.CodeInvalidParams {
			refusal.Say = cut(answer.Message, maxText) // which tells the agent what to do better
		}
		return refusal
	}
	cause := context.Cause(ctx)
	if errors.Is(cause, context.Canceled) {
		return cause // by the call that asked; the server is told
	}
	poke(link.doubt)
	switch {
	case errors.Is(cause, errMCPGone):
		err = context.Cause(link.ctx)
	case cause != nil:
		return cause
	default:
		err = link.reason(err)
	}
	return fmt.Errorf("mcp: %s failed in mid-call at %s: %w", m.config.Name, time.Now().UTC().Format(time.RFC3339), err)
}

// mcpContent is what the agent is given of a result: its texts, or the structured content where there is none. Other
// parts are named. The text of an error is for the agent alone, for it may quote the arguments.
func mcpContent(r *mcp.CallToolResult) (string, error) {
	var texts, others []string
	for _, part := range r.Content {
		switch part := part.(type) {
		case *mcp.TextContent:
			texts = append(texts, part.Text)
		case *mcp.EmbeddedResource:
			if part.Resource != nil && part.Resource.Text != "" {
				texts = append(texts, part.Resource.Text)
			} else {
				others = append(others, "[resource]")
			}
		case *mcp.ImageContent:
			others = append(others, "[image]")
		case *mcp.AudioContent:
			others = append(others, "[audio]")
		case *mcp.ResourceLink:
			others = append(others, "[link]")
		default:
			others = append(others, "[something else]")
		}
	}
	text := strings.Join(texts, "\n")
	if r.IsError {
		return "", &Error{Say: cut(text, maxText), Err: errors.New("mcp: the tool reports an error")}
	}
	if r.NeedsInput() {
		return "", errors.New("mcp: the tool requests further input, which is not possible on a call")
	}
	if text == "" && r.StructuredContent != nil {
		b, err := json.Marshal(r.StructuredContent)
		if err != nil {
			return "", errors.New("mcp: the structured content is not JSON")
		}
		text = string(b)
	}
	if text != "" {
		others = append([]string{text}, others...)
	}
	return strings.Join(others, "\n"), nil
}
