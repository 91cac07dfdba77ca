package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
)

// New makes a tool from a Go function.
//
// The schema is taken from In, a struct: field names from the json tags, descriptions from the jsonschema tags, and a
// field is required unless it is marked omitempty or omitzero. Unknown fields are refused. An In that no schema can
// describe (a channel, a type that contains itself) is an error, as is a name that does not match
// ^[a-zA-Z0-9_.-]{1,64}$.
//
// handle may be called from several goroutines at once. Its context ends at the tool's deadline; [CallFrom] tells
// which call it serves. The text of an error it returns goes to the log, so it must not quote the arguments; what
// the agent may say instead goes into an [Error].
func New[In any](
	name, description string, handle func(ctx context.Context, in In) (string, error), opts ...Option,
) (Tool, error) {
	if handle == nil {
		return Tool{}, fmt.Errorf("tools: %s: handler is nil", name)
	}
	inferred, err := jsonschema.For[In](nil)
	if err != nil {
		return Tool{}, fmt.Errorf("tools: %s: arguments: %w", name, err)
	}
	schema, err := json.Marshal(inferred)
	if err != nil {
		return Tool{}, fmt.Errorf("tools: %s: arguments: %w", name, err)
	}
	return newTool(name, description, schema, func(ctx context.Context, c Call) (string, error) {
		var in In
		if err := json.Unmarshal(c.Arguments, &in); err != nil {
			return "", unfit(c.Name, err)
		}
		return handle(ctx, in)
	}, opts)
}

// unfit explains arguments that fit the schema but not the Go type, such as 1.0 for an int or a text that is no time.
// The error of encoding/json quotes the value, so the log gets the field alone.
func unfit(name string, err error) *Error {
	field := "a value"
	if typ, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		field = fmt.Sprintf("%q", typ.Field)
	}
	return &Error{
		Say: fmt.Sprintf("The arguments of %s are not valid: %s", name, cut(err.Error(), maxReason)),
		Err: fmt.Errorf("arguments: %s does not fit its type", field),
	}
}
