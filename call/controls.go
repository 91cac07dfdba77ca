package call

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
)

// controls is what a call lets its built-in tools do.
type controls struct{ c *Call }

var _ builtin.Controls = controls{}

// Answer implements builtin.Controls.
func (a controls) Answer(t builtin.Invocation, result string, now time.Time) {
	a.done(t, tools.Answer{OK: true, Content: result}, now)
}

// Refuse implements builtin.Controls.
func (a controls) Refuse(t builtin.Invocation, say string, err error, now time.Time) {
	a.done(t, tools.Answer{Say: say, Err: fmt.Sprint(err)}, now)
}

func (a controls) done(t builtin.Invocation, answer tools.Answer, now time.Time) {
	answer.ID, answer.Name, answer.Took = t.ID, t.Name, now.Sub(t.Begun)
	a.c.onTool(&toolDone{call: t.ToolCall, answer: answer}, now)
}

// Leave implements builtin.Controls.
func (a controls) Leave(t builtin.Invocation, e builtin.Exit, now time.Time) {
	out := Outcome{Reason: AgentEnded}
	if e.To != nil {
		out = putThrough(*e.To, e.Summary)
	}
	a.c.leave(out, t, e, now)
}

// Background implements builtin.Controls.
func (a controls) Background(bound time.Duration, work func(context.Context) builtin.Then) {
	a.c.aside(bound, func(ctx context.Context) func(*Call, time.Time) {
		then := work(ctx)
		return func(c *Call, now time.Time) { then(controls{c}, now) }
	})
}

// Said implements builtin.Controls.
func (a controls) Said(now time.Time) builtin.Said {
	w := &a.c.wishes
	return builtin.Said{Words: w.words(now), Last: w.last().text, After: w.last().after}
}

// Log implements builtin.Controls.
func (a controls) Log(e calllog.Entry, now time.Time) bool {
	_, taken := a.c.journal.keep(e, now)
	return taken
}

// Transfers implements builtin.Controls.
func (a controls) Transfers() builtin.Transfers { return a.c.profile.Transfers }
