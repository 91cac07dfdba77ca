package realtimetest

import (
	"context"
	"strings"
)

// CallTool asks for a tool, with arguments as JSON text, and returns the call's id.
func (r *Response) CallTool(name, arguments string) (string, error) {
	return r.call(name, arguments, false)
}

// CallHalf asks for a tool, but waits in the middle of its arguments for the answer's
// cancellation. A client must not run it.
func (r *Response) CallHalf(name, arguments string) error {
	_, err := r.call(name, arguments, true)
	return err
}

func (r *Response) call(name, arguments string, half bool) (string, error) {
	c := r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.context.Err() != nil {
		return "", context.Cause(r.context)
	}
	it := &item{id: c.nextID("item"), kind: "function_call", callID: c.nextID("call"), name: name}
	place := object{"response_id": r.ID, "item_id": it.id, "output_index": len(r.items), "call_id": it.callID}
	r.added(it, object{"id": it.id, "object": "realtime.item", "type": "function_call", "status": "in_progress",
		"call_id": it.callID, "name": name, "arguments": ""})
	middle := len(arguments) / 2
	c.event("response.function_call_arguments.delta", merge(place, object{"delta": arguments[:middle]}))
	if it.arguments = arguments; half {
		c.mu.Unlock()
		<-r.context.Done()
		c.mu.Lock()
		it.arguments, it.partial = arguments[:middle], true
	} else {
		c.event("response.function_call_arguments.delta", merge(place, object{"delta": arguments[middle:]}))
		c.calls[it.callID] = false
	}
	c.event("response.function_call_arguments.done", merge(place, object{"name": name, "arguments": it.arguments}))
	r.done(it)
	if half {
		return it.callID, ErrInterrupted
	}
	return it.callID, nil
}

// force speaks text word for word, as a response that nobody created.
func (c *Conn) force(own object) {
	var words strings.Builder
	parts, _ := own["content"].([]any)
	for _, p := range parts {
		o, _ := p.(object)
		s, _ := o["text"].(string)
		words.WriteString(s)
	}
	speak := func(r *Response) error { return r.Say(Speech{Text: words.String()}) }
	if c.active != nil {
		c.pending = append(c.pending, speak)
		return
	}
	c.answerBy(speak, nil, false)
}
