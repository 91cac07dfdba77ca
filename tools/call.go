package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/internal/plain"
)

// MaxResult is the most a tool may return, in bytes: more than an hour of reading aloud.
const MaxResult = 64 << 10

// Call is an agent's request to run a tool.
type Call struct {
	ID        string          // the agent's name for this tool call (tool_call_id); comes back in the Answer
	CallID    string          // the telephone call it belongs to; MaxPerCall counts by it
	Name      string          // of the tool
	Arguments json.RawMessage // as the agent sent them, not yet checked; at most 64 KiB
	Key       string          // idempotency key for the tool behind; the same for each try. Defaults to a random one
}

// Answer is what came of a Call. Content is for the agent when OK is true, else Say is; Err is for the log and never
// for the agent. Say may quote the agent's own arguments back to it, so it belongs into no log.
type Answer struct {
	ID, Name string // of the Call
	OK       bool
	Content  string        // the result. Of a result above MaxResult, its beginning, and OK is false
	Err      string        // what went wrong, for the log; at most 1 KiB
	Say      string        // what the agent may be told about it; at most 1 KiB
	Took     time.Duration // from the call to the answer
}

type callKey struct{}

// CallFrom returns the Call that a handler's context belongs to, with its arguments as they were checked and its Key
// filled in.
func CallFrom(ctx context.Context) (Call, bool) {
	c, ok := ctx.Value(callKey{}).(Call)
	return c, ok
}

const (
	sayUnknown = "There is no tool with that name."
	sayBusy    = "Too many things are being done at once. Wait for one of them, then try again."
)

// Call runs a tool and answers, always: with the result, or with an error answer when the tool is unknown, its arguments
// break its schema, MaxPerCall or MaxTotal handlers are in flight, the handler fails, panics or returns more than
// MaxResult, the tool's deadline passes, or ctx ends. In the last two cases Call does not wait for the handler, whose
// context is then cancelled; it counts as in flight until it returns, so a tool that hangs cannot pile up goroutines.
//
// Call blocks; run it beside the audio. A call that comes twice runs twice: ask [Once] first.
func (r *Registry) Call(ctx context.Context, c Call) Answer {
	began := time.Now()
	t, ok := r.tool(c.Name)
	if !ok {
		return answer(c, Info{Failure: defaultFailure}, "", r.absent(c.Name), 0)
	}
	content, err := r.run(ctx, t, c)
	if err != nil {
		err = fmt.Errorf("tools: %s: %w", t.info.Name, err)
	}
	return answer(c, t.info, content, err, time.Since(began))
}

// unknown answers a call for a tool that is not there, or not for this agent.
func unknown(c Call, why string) Answer {
	return answer(c, Info{}, "", &Error{Say: sayUnknown, Err: errors.New(why)}, 0)
}

func answer(c Call, tool Info, content string, err error, took time.Duration) Answer {
	a := Answer{ID: c.ID, Name: c.Name, OK: err == nil, Content: content, Took: took}
	if err != nil {
		a.Err = cut(err.Error(), maxText)
		a.Say = cut(tool.Failure, maxText)
		if e, ok := errors.AsType[*Error](err); ok && e.Say != "" {
			a.Say = cut(plain.Clean(e.Say), maxText)
		}
	}
	return a
}
