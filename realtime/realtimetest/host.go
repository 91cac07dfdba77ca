package realtimetest

import (
	"encoding/json"
	"maps"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/realtime"
)

// handle does what an event asks for, or refuses it. The caller holds the lock.
func (c *Conn) handle(m Message, audio []byte) {
	if m.Type == "" {
		c.refuse(m.Fields, problem{"missing_required_parameter", "type", "is missing"})
		return
	}
	check := c.server.rules[m.Type]
	if check == nil {
		if c.server.config.Dialect != realtime.LocalAI { // which ignores them
			c.refuse(m.Fields, *invalid("type", "%q is no event of a client's", m.Type))
		}
		return
	}
	if p := check("", m.Fields); p != nil {
		c.refuse(m.Fields, *p)
		return
	}
	if m.Type == "input_audio_buffer.append" {
		c.hear(audio)
		return
	}
	if c.server.config.Raw {
		return
	}
	if p := c.obey(m); p != nil {
		c.refuse(m.Fields, *p)
	}
}

// obey does all but audio.
func (c *Conn) obey(m Message) *problem {
	id, _ := m.Fields["item_id"].(string)
	switch m.Type {
	case "session.update":
		return c.update(m)
	case "input_audio_buffer.commit":
		return c.commit()
	case "input_audio_buffer.clear":
		c.committed = len(c.heard)
		c.event("input_audio_buffer.cleared", nil)
	case "conversation.item.create":
		return c.create(m)
	case "conversation.item.retrieve":
		return c.retrieve(id)
	case "conversation.item.delete":
		return c.remove(id)
	case "conversation.item.truncate":
		return c.truncate(m, id)
	case "response.create":
		asked, _ := m.Fields["response"].(object)
		return c.asked(asked)
	case "response.cancel":
		id, _ := m.Fields["response_id"].(string)
		return c.cancelled(id)
	}
	return nil
}

// harmless are the codes of refusals that are no fault of anybody's.
var harmless = map[string]bool{
	"response_cancel_not_active":               true,
	"conversation_already_has_active_response": true,
	"item_truncate_invalid_item_id":            true,
	"item_delete_invalid_item_id":              true,
	"item_retrieve_invalid_item_id":            true,
}

// refuse sends an error, and records it as the client's fault unless it is a race.
func (c *Conn) refuse(m object, p problem) {
	if !harmless[p.code] {
		kind, _ := m["type"].(string)
		c.server.report.Fault("%s: %s: %s %s", kind, p.code, p.param, p.text)
	}
	c.fail(m, "invalid_request_error", p.code, p.param, strings.TrimSpace(p.param+" "+p.text))
}

// fail sends an error; m is the client's event that caused it, if any.
func (c *Conn) fail(m object, kind, code, param, message string) {
	c.event("error", object{"error": object{"type": kind, "code": orNull(code), "message": message,
		"param": orNull(param), "event_id": m["event_id"]}})
}

// Fail sends an error that no event caused.
func (c *Conn) Fail(kind, code, message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail(nil, kind, code, "", message)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// event sends an event under a new id, in the dialect's words. The caller holds the lock;
// a client that has left is no error.
func (c *Conn) event(kind string, o object) {
	o = maps.Clone(o)
	if o == nil {
		o = object{}
	}
	switch ack := c.server.traits.ItemAck; {
	case kind == "conversation.item.added" && ack == realtime.AckCreated:
		kind = "conversation.item.created"
	case kind == "conversation.item.done" && ack == realtime.AckCreated:
		return
	}
	if c.server.traits.Shape == realtime.ShapeBeta {
		kind = betaNames.Replace(kind)
	}
	o["type"], o["event_id"] = kind, c.nextID("event")
	if c.server.config.Odd {
		o["obfuscation"], o["x_extra"] = "a8f0", object{"type": "error"}
		c.write(object{"type": "vendor.note", "event_id": c.nextID("event"), "note": nil})
	}
	c.write(o)
}

func (c *Conn) write(o object) {
	if b, err := json.Marshal(o); err == nil {
		_ = c.out.send(websocket.TextMessage, b)
	}
}
