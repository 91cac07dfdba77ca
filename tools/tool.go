package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
)

// Tool is one thing an agent can do. [New] and [HTTP] make it; the zero Tool is refused by [Registry.Add].
type Tool struct {
	info   Info
	schema *jsonschema.Resolved
	handle handler
	close  func() // gives back what the tool holds between calls; nil if it holds nothing
}

// handler runs a tool whose arguments (c.Arguments) are a JSON object that fits its schema.
type handler func(ctx context.Context, c Call) (string, error)

// Info is what others may know of a tool: enough to offer it to an agent and to bridge the wait for its answer.
type Info struct {
	Name        string
	Description string
	Schema      json.RawMessage // JSON Schema of the arguments, an object

	Timeout time.Duration // from the call to the answer
	Filler  string        // what the agent may say while it waits; empty for nothing
	Failure string        // what the agent may say when the tool fails

	// CancelOnInterruption asks whoever started the tool to cancel its context when the caller interrupts the agent.
	CancelOnInterruption bool

	// Secret names fields of the arguments and of a result that is a JSON object whose values are masked wherever the
	// call is written down.
	Secret []string
}

// Info describes the tool. The copy is the caller's own.
func (t Tool) Info() Info {
	info := t.info
	info.Schema = bytes.Clone(info.Schema)
	info.Secret = slices.Clone(info.Secret)
	return info
}

// namePattern is narrow enough for every agent's wire; the dot separates a server's name from its tool's.
var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,64}$`)

// newTool checks what every kind of tool has in common.
func newTool(name, description string, schema json.RawMessage, handle handler, opts []Option) (Tool, error) {
	if !namePattern.MatchString(name) {
		return Tool{}, fmt.Errorf("tools: name %q does not match %s", name, namePattern)
	}
	t := Tool{
		info:   Info{Name: name, Description: description, Timeout: defaultTimeout, Failure: defaultFailure},
		handle: handle,
	}

	var problems []error
	for _, opt := range opts {
		if err := opt(&t.info); err != nil {
			problems = append(problems, fmt.Errorf("tools: %s: %w", name, err))
		}
	}
	var err error
	if t.info.Schema, t.schema, err = compile(schema); err != nil {
		problems = append(problems, fmt.Errorf("tools: %s: parameters: %w", name, err))
	}
	if len(problems) > 0 {
		return Tool{}, errors.Join(problems...)
	}
	return t, nil
}

// run checks the arguments, then hands them over.
func (t Tool) run(ctx context.Context, c Call) (string, error) {
	arguments, err := t.arguments(c.Arguments)
	if err != nil {
		return "", err
	}
	c.Arguments = arguments
	return t.handle(context.WithValue(ctx, callKey{}, c), c)
}
