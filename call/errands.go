package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// errands are the tool calls of a telephone call. They outlive the stream and
// the agent's connection: a tool that was begun for a caller is finished for
// them, though either socket be lost and replaced meanwhile.
type errands struct {
	tools tools.Set
	taken tools.Once // what came a second time is not run again

	builtins builtin.State

	open    map[string]calllog.Entry // under way, as they stand in the log
	running []*errand                // those of them that run beside the sound, in order
	filler  asked                    // what the agent says while they do
	filled  time.Time                // when it was asked for that
	owed    []agent.ToolAnswer       // for the next agent, while there is none

	done   chan *toolDone              // has room for all that are open: whoever answers never waits
	back   chan func(*Call, time.Time) // see aside
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// errandsMost bounds the tool calls under way, and with them the answers that
// wait for an agent; the registry allows no more handlers at once by far.
const errandsMost = 32

// inlineMost is the longest text, in bytes, that run redacts by itself; longer
// ones take milliseconds.
const inlineMost = 4 << 10

// toolDone is what a tool answered.
type toolDone struct {
	call   agent.ToolCall
	answer tools.Answer
	silent bool // the agent need not say anything about it
}

var errCallOver = errors.New("the call is over")

func newErrands(t tools.Set) *errands {
	e := &errands{tools: t, open: map[string]calllog.Entry{}, done: make(chan *toolDone, errandsMost), back: make(chan func(*Call, time.Time), 8)}
	ctx, cancel := context.WithCancelCause(context.Background())
	e.ctx, e.cancel = ctx, func() { cancel(errCallOver) }
	return e
}

// close cancels what still runs, waits for it, and writes down how all ended. What
// was cut off may have been done to the world all the same.
func (e *errands) close(c *Call, now time.Time) {
	e.settle(c, false, now)
	e.stop()
	e.bringBack(c, now)
	e.settle(c, true, now)
}

// settle writes down what has been answered since the call's end, and at last what
// never will be.
func (e *errands) settle(c *Call, last bool, now time.Time) {
	for range len(e.done) {
		if t := <-e.done; t.answer.OK || !last {
			e.write(t, c.acting(), &c.journal, c.metrics)
		}
	}
	if !last {
		return
	}
	for id, entry := range e.open {
		entry.Error = "the call ended before the tool answered"
		entry.MS = max(0, now.Sub(c.journal.head.StartedAt).Milliseconds()-entry.AtMS)
		if run := e.take(id); run != nil && entry.Arguments == nil {
			entry.Arguments = run.arguments
		}
		c.journal.rewrite(entry)
	}
	clear(e.open)
}

// stop cancels what still runs and waits for it.
func (e *errands) stop() {
	e.cancel()
	e.wg.Wait()
}

// callTool runs a tool beside the sound. Its answer comes back on a channel;
// the same call, however often it arrives, is run and answered once.
func (c *Call) callTool(ev agent.ToolCall, now time.Time) {
	e := c.errands
	if !e.taken.First(ev.ID) {
		return
	}
	full := len(e.open) >= errandsMost
	t := e.begin(ev, c.acting().tool(ev.Name), &c.journal, now)
	if full {
		controls{c}.Refuse(t, "Too many things are being done at once. Wait for one of them, then try again.", errManyTools, now)
		return
	}
	if own, ok := c.acting().grant().Find(ev.Name); ok {
		own.Run(&e.builtins, controls{c}, t, now)
		return
	}
	c.runTool(t, now)
}

var errManyTools = fmt.Errorf("%d tool calls are under way already", errandsMost)

// begin writes a tool call down.
func (e *errands) begin(ev agent.ToolCall, info tools.Info, j *journal, now time.Time) builtin.Invocation {
	entry := calllog.Entry{Kind: calllog.KindTool, Name: info.Name}
	if info.Name == "" { // made up by the agent
		entry.Name = redact.Result(info, ev.Name[:min(len(ev.Name), 64)])
	}
	if len(ev.Arguments) <= inlineMost {
		entry.Arguments = redact.Arguments(info, json.RawMessage(ev.Arguments))
	}
	entry = j.add(entry, now)
	e.open[ev.ID] = entry
	j.memory.called(entry.Seq, ev.ID)
	return builtin.Invocation{ToolCall: ev, Line: entry.Seq, Begun: now}
}

// onTool writes a tool's answer down and gives it to the agent, also while the
// caller talks.
func (c *Call) onTool(t *toolDone, now time.Time) {
	e, a := c.errands, t.answer
	e.write(t, c.acting(), &c.journal, c.metrics)
	if !t.call.WantAnswer {
		return
	}
	answer := agent.ToolAnswer{ID: t.call.ID, Name: t.call.Name, Arguments: t.call.Arguments, Content: a.Content, Silent: t.silent}
	if !a.OK {
		answer.Content, answer.Error = a.Say, a.Err
	}
	e.owed = append(e.owed, answer)
	c.loseAgent(c.errands.pay(c.link.agent), now)
}

// write writes a tool's answer down.
func (e *errands) write(t *toolDone, p *Profile, j *journal, m *Metrics) {
	a := t.answer
	entry := e.open[t.call.ID]
	delete(e.open, t.call.ID)
	info := p.tool(t.call.Name)
	entry.MS = a.Took.Milliseconds()
	result := "ok"
	run := e.take(t.call.ID)
	switch {
	case !a.OK:
		result = "error"
		entry.Error = redact.Result(tools.Info{}, a.Err)
	case run != nil:
		entry.Result = run.result
	default:
		entry.Result = redact.Result(info, a.Content)
	}
	switch {
	case entry.Arguments != nil:
	case run != nil:
		entry.Arguments = run.arguments
	default:
		entry.Arguments = redact.Arguments(info, json.RawMessage(t.call.Arguments))
	}
	j.rewrite(entry)
	m.tools.WithLabelValues(p.toolLabel(t.call.Name), result).Observe(a.Took.Seconds())
}

// pay gives an agent what it is owed, if there is one.
func (e *errands) pay(to agent.Agent) error {
	for len(e.owed) > 0 && to != nil {
		if err := to.AnswerTool(e.owed[0]); err != nil {
			return err
		}
		e.owed = e.owed[1:]
	}
	return nil
}
