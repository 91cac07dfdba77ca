package call

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
)

// errands are the tool calls of a telephone call. They outlive the stream and
// the agent's connection: a tool that was begun for a caller is finished for
// them, though either socket be lost and replaced meanwhile.
type errands struct {
	tools tools.Set
	taken tools.Once // what came a second time is not run again

	open map[string]calllog.Entry // under way, as they stand in the log
	owed []agent.ToolAnswer       // for the next agent, while there is none

	done   chan toolDone
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// owedMost bounds the answers that wait for an agent; the registry allows no
// more tools at once by far.
const owedMost = 32

// toolDone is what a tool answered.
type toolDone struct {
	call   agent.ToolCall
	answer tools.Answer
}

func newErrands(t tools.Set) *errands {
	e := &errands{tools: t, open: map[string]calllog.Entry{}, done: make(chan toolDone, 8)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	return e
}

// close cancels what still runs, waits for it, and writes down that it was cut
// off: what a tool did to the world may have been done all the same.
func (e *errands) close(j *journal) {
	e.stop()
	for _, entry := range e.open {
		entry.Error = "the call ended before the tool answered"
		j.rewrite(entry)
	}
	clear(e.open)
}

// stop cancels what still runs and waits for it, and leaves the log to whoever goes on
// with the call.
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
	t := c.beginTool(ev, now)
	if b, ok := c.profile.builtin(ev.Name); ok {
		b.run(c, t, now)
		return
	}
	id := c.journal.head.ID
	ask := tools.Call{ID: ev.ID, CallID: id, Name: ev.Name, Arguments: json.RawMessage(ev.Arguments), Key: id + "/" + ev.ID}
	e.wg.Go(func() {
		done := toolDone{ev, e.tools.Call(e.ctx, ask)}
		select {
		case e.done <- done:
		case <-e.ctx.Done():
		}
	})
}

// beginTool writes a tool call down.
func (c *Call) beginTool(ev agent.ToolCall, now time.Time) toolCall {
	entry := calllog.Entry{Kind: calllog.KindTool, Name: ev.Name}
	if json.Valid([]byte(ev.Arguments)) {
		entry.Arguments = json.RawMessage(ev.Arguments)
	}
	entry = c.journal.add(entry, now)
	c.errands.open[ev.ID] = entry
	return toolCall{ev, entry, now}
}

// onTool writes a tool's answer down and gives it to the agent.
func (c *Call) onTool(t toolDone, now time.Time) {
	e, a := c.errands, t.answer
	result := "ok"
	entry := e.open[t.call.ID]
	delete(e.open, t.call.ID)
	entry.Result, entry.Error, entry.MS = a.Content, a.Err, a.Took.Milliseconds()
	if !a.OK {
		result, entry.Result = "error", ""
	}
	c.journal.rewrite(entry)
	c.metrics.tools.WithLabelValues(c.profile.toolLabel(t.call.Name), result).Observe(a.Took.Seconds())
	if !t.call.WantAnswer || len(e.owed) >= owedMost {
		return
	}
	answer := agent.ToolAnswer{ID: t.call.ID, Name: t.call.Name, Content: a.Content}
	if !a.OK {
		answer.Content, answer.Error = a.Say, a.Err
	}
	e.owed = append(e.owed, answer)
	c.payAnswers(now)
}

// payAnswers gives the agent what it is owed.
func (c *Call) payAnswers(now time.Time) {
	for len(c.errands.owed) > 0 && c.link.agent != nil {
		if err := c.link.agent.AnswerTool(c.errands.owed[0]); err != nil {
			c.loseAgent(err, now)
			return
		}
		c.errands.owed = c.errands.owed[1:]
	}
}
