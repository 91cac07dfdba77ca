package tools

import (
	"context"
	"encoding/json"
	"fmt"
)

// Form is the arguments of a tool that its host carries out by itself, such as one that ends the call it was asked for
// on: what an agent is told of it, and the check of what the agent sends. Make it with [NewForm].
type Form[In any] struct{ tool Tool }

// NewForm makes a form from the type of its arguments, by the rules of [New] and with its errors.
func NewForm[In any](name, description string, opts ...Option) (Form[In], error) {
	unused := func(context.Context, In) (string, error) { return "", nil }
	t, err := New(name, description, unused, opts...)
	return Form[In]{t}, err
}

// Info describes the tool.
func (f Form[In]) Info() Info { return f.tool.Info() }

// Read checks arguments against the schema, as the agent sent them. The error is an [*Error], which names the field.
func (f Form[In]) Read(arguments json.RawMessage) (In, error) {
	var in In
	clean, err := f.tool.arguments(arguments)
	if err != nil {
		return in, fmt.Errorf("tools: %s: %w", f.tool.info.Name, err)
	}
	if err := json.Unmarshal(clean, &in); err != nil {
		return in, fmt.Errorf("tools: %s: %w", f.tool.info.Name, unfit(f.tool.info.Name, err))
	}
	return in, nil
}
