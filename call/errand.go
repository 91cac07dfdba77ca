package call

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// errand is one tool that runs beside the sound.
type errand struct {
	id     string
	info   tools.Info
	cancel context.CancelCauseFunc
	filler time.Time // when its filler is due; zero if nothing has to be said any more

	// What is written down, once it is done: the goroutine that runs it redacts it.
	arguments json.RawMessage
	result    string
}

// errInterrupted ends a tool that the caller's words have overtaken.
var errInterrupted = &tools.Error{
	Say: "The caller spoke before this was finished, so it was stopped and has no result. Answer what they said; if it is still wanted, use the tool again.",
	Err: errors.New("the caller spoke before it was finished"),
}

// runTool starts a tool of the registry. Digits that were keyed in are put into its arguments here, where nothing
// writes them down any more.
func (c *Call) runTool(t builtin.Invocation, now time.Time) {
	e := c.errands
	with := e.builtins.Detokenize(t.Arguments, now)
	if with.Missing != "" && c.profile.has(builtin.CollectDigits) {
		controls{c}.Refuse(t, builtin.SayNoDigits, builtin.ErrNoDigits, now)
		return
	}
	ctx, cancel := context.WithCancelCause(e.ctx)
	run := &errand{id: t.ID, info: c.acting().tool(t.Name), cancel: cancel}
	if run.info.Filler != "" {
		run.filler = t.Begun.Add(fillerAfter)
	}
	e.running = append(e.running, run)
	id := c.journal.head.ID
	ask := tools.Call{ID: t.ID, CallID: id, Name: t.Name, Arguments: with.Arguments, Key: id + "/" + t.ID}
	e.wg.Go(func() {
		defer cancel(nil)
		answer := with.Mask(e.tools.Call(ctx, ask))
		if answer.OK {
			run.result = redact.Result(run.info, answer.Content)
		}
		if len(t.Arguments) > inlineMost {
			run.arguments = redact.Arguments(run.info, json.RawMessage(t.Arguments)) // as the agent sent them
		}
		e.done <- &toolDone{call: t.ToolCall, answer: answer}
	})
}

// take removes an errand that is done. It is nil for a tool that was none.
func (e *errands) take(id string) *errand {
	i := slices.IndexFunc(e.running, func(r *errand) bool { return r.id == id })
	if i < 0 {
		return nil
	}
	run := e.running[i]
	e.running = slices.Delete(e.running, i, i+1)
	return run
}

// cutTools ends the tools that are not to go on when the caller interrupts. Each is
// answered as any other: by an error that says so, unless its result was quicker.
func (e *errands) cutTools() {
	for _, run := range e.running {
		if run.info.CancelOnInterruption {
			run.cancel(errInterrupted)
			run.filler = time.Time{}
		}
	}
}
