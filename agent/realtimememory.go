package agent

import (
	"fmt"
	"strings"

	"github.com/patchcord/patchcord/realtime"
)

// turnsAsItems is how many of the last turns become items of the conversation; those before
// them are one summary.
const turnsAsItems = 30

// goesOn begins what a session is given that takes the place of another.
const goesOn = "This call goes on after a short break on the line. " +
	"Don't greet again, and don't mention the break unless the caller does."

// Remember rebuilds the conversation from texts: the wire can't be given sound of the
// agent's. The model is asked to speak only if the caller waits for it.
func (a *realtimeAgent) Remember(m Memory) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(m.Turns) == 0 {
		return nil
	}
	a.greets = false
	old := m.Turns[:max(0, len(m.Turns)-turnsAsItems)]
	if err := a.post(realtime.SystemText(summary(old, m.Dropped)), false); err != nil {
		return err
	}
	for _, t := range m.Turns[len(old):] {
		for _, item := range a.items(t) {
			if err := a.post(item, false); err != nil {
				return err
			}
		}
	}
	if callerWaits(m.Turns) {
		return a.wantAnswer()
	}
	return nil
}

// summary is the older turns as text.
func summary(old []Turn, dropped int) string {
	var b strings.Builder
	b.WriteString(goesOn)
	if dropped > 0 {
		fmt.Fprintf(&b, "\n(%d earlier turns are left out)", dropped)
	}
	if len(old) > 0 {
		b.WriteString("\nWhat was said before, as a record:")
	}
	for _, t := range old {
		b.WriteString("\n" + t.String())
	}
	return b.String()
}

// items are a turn as items. A tool that still runs becomes some when its answer comes.
func (a *realtimeAgent) items(t Turn) []realtime.Item {
	text := strings.TrimSpace(t.Text)
	switch {
	case t.Tool != nil && (t.Tool.Open || a.calls.known[realtime.CallID(t.Tool.ID)]):
		return nil
	case t.Tool != nil:
		id := realtime.CallID(t.Tool.ID)
		a.calls.known[id] = true
		return []realtime.Item{realtime.FunctionCall(id, a.names.wire(t.Tool.Name), jsonObject(t.Tool.Arguments)),
			realtime.FunctionOutput(id, toolOutput(t.Tool.Result, t.Tool.Error))}
	case text == "":
		return nil
	case t.By == ByCaller:
		return []realtime.Item{realtime.UserText(text)}
	case t.By == ByBridge:
		return []realtime.Item{realtime.SystemText(text)}
	case t.Cut:
		text += " …"
	}
	return []realtime.Item{realtime.AssistantText(text)}
}
