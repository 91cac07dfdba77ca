package demo

import (
	"strings"
	"sync"

	"github.com/patchcord/patchcord/media"
)

func (c *realtimeConn) listen(a *agent) {
	var sound sync.WaitGroup
	defer sound.Wait()
	sound.Go(func() {
		for heard := 0; ; {
			ulaw, err := c.session.Hear(a.ctx, heard)
			if err != nil {
				return
			}
			heard += len(ulaw)
			a.hears(media.AppendDecodeULaw(nil, ulaw))
		}
	})
	for {
		m, err := c.session.Receive(a.ctx)
		if err != nil {
			return
		}
		item, _ := m.Fields["item"].(map[string]any)
		output, _ := item["output"].(string)
		switch {
		case item["type"] == "message":
			a.isGiven(textOf(item))
		case item["type"] == "function_call_output" && c.called(item["call_id"]):
			a.toolAnswered(strings.HasPrefix(output, `{"error":`))
		}
	}
}

// called tells whether it is the agent's own call of a tool: others are what was done on
// the connection before.
func (c *realtimeConn) called(id any) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.call != "" && id == c.call
}

// textOf is what an item of the conversation says.
func textOf(item map[string]any) string {
	var all []string
	parts, _ := item["content"].([]any)
	for _, p := range parts {
		part, _ := p.(map[string]any)
		text, _ := part["text"].(string)
		all = append(all, text)
	}
	return strings.Join(all, " ")
}
