package agent

import (
	"encoding/json"

	"github.com/patchcord/patchcord/realtime"
)

// toolCalls are those that the model has made in this session.
type toolCalls struct {
	open  map[realtime.CallID]*toolGroup
	known map[realtime.CallID]bool // all of them, and those that were answered
	quiet bool                     // the reply that made the last of them has ended with its answer
}

// toolGroup is the calls of one answer. The model is asked to go on once, when the last of
// them has been answered.
type toolGroup struct {
	open int
	over bool // the answer has ended: it makes no further calls
	loud bool // the model has something to say about one of them
}

// callsKept bounds the calls that are remembered, so that none is run twice.
const callsKept = 1024

// callTool passes a call on, once. Its arguments are all there only if its item is complete,
// and the end of a canceled answer tells of items that aren't.
func (a *realtimeAgent) callTool(r *answer, item realtime.Item) {
	switch {
	case item.Type != realtime.TypeFunctionCall || item.CallID == "" || a.calls.known[item.CallID]:
		return
	case item.Status != realtime.StatusCompleted && item.Status != "":
		return
	case item.Status == "" && item.Arguments != "" && !json.Valid([]byte(item.Arguments)):
		return
	}
	if len(a.calls.known) >= callsKept {
		clear(a.calls.known)
	}
	if r.group == nil {
		r.group = &toolGroup{}
	}
	r.group.open++
	a.calls.known[item.CallID], a.calls.open[item.CallID] = true, r.group
	arguments := item.Arguments
	if arguments == "" {
		arguments = "{}"
	}
	a.emit(ToolCall{string(item.CallID), a.names.ours(item.Name), arguments, true})
}

// toolsOver notes that an answer has ended; it is true if the reply goes on after its tools.
func (a *realtimeAgent) toolsOver(r *answer) bool {
	if r.group == nil {
		return false
	}
	r.group.over = true
	if r.group.open == 0 && r.group.loud {
		_ = a.wantAnswer()
	}
	return r.group.open > 0 || r.group.loud
}

// AnswerTool gives the model what a tool returned, at once. The model is asked to speak
// about it when nothing else is open.
func (a *realtimeAgent) AnswerTool(t ToolAnswer) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	id := realtime.CallID(t.ID)
	g := a.calls.open[id]
	if g == nil {
		if a.calls.known[id] {
			return nil
		}
		a.calls.known[id] = true // of an earlier session, which may have been another voice's
		if err := a.post(realtime.FunctionCall(id, a.names.wire(t.Name), jsonObject(t.Arguments)), false); err != nil {
			return err
		}
		g = &toolGroup{open: 1, over: true}
	}
	delete(a.calls.open, id)
	g.open--
	g.loud = g.loud || !t.Silent
	if err := a.post(realtime.FunctionOutput(id, toolOutput(t.Content, t.Error)), !t.Silent); err != nil {
		return err
	}
	switch {
	case !g.over || g.open > 0:
	case g.loud:
		return a.wantAnswer()
	default:
		a.calls.quiet = true
	}
	return nil
}

// toolOutput is a tool's answer as the wire has it, which has no form for an error.
func toolOutput(content, fault string) string {
	if fault == "" {
		return content
	}
	o := map[string]string{"error": fault}
	if content != "" {
		o["say"] = content
	}
	b, err := json.Marshal(o)
	if err != nil {
		panic("internal error: strings that aren't JSON: " + err.Error())
	}
	return string(b)
}

// jsonObject is arguments that a server takes, whatever they were.
func jsonObject(arguments string) string {
	var o map[string]any
	if json.Unmarshal([]byte(arguments), &o) != nil || o == nil {
		return "{}"
	}
	return arguments
}
