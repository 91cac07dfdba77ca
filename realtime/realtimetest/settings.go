package realtimetest

import (
	"maps"
	"reflect"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// defaults are a session's settings before anybody changed them. They have audio that
// nobody on a telephone speaks.
func defaults(model string) object {
	pcm := func() object { return object{"type": "audio/pcm", "rate": 24000.0} }
	return object{
		"type": "realtime", "object": "realtime.session", "model": model,
		"output_modalities": []any{"audio"}, "instructions": "You are a helpful assistant.",
		"tools": []any{}, "tool_choice": "auto", "max_output_tokens": "inf", "truncation": "auto", "tracing": nil,
		"audio": object{
			"input": object{"format": pcm(), "transcription": nil, "noise_reduction": nil,
				"turn_detection": object{"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300.0,
					"silence_duration_ms": 200.0, "idle_timeout_ms": nil, "create_response": true, "interrupt_response": true}},
			"output": object{"format": pcm(), "voice": "marin", "speed": 1.0},
		},
	}
}

// greet begins the session, or refuses it.
func (c *Conn) greet() {
	c.mu.Lock()
	defer c.mu.Unlock()
	life := c.server.config.Lifetime
	if life == 0 {
		life = time.Hour
	}
	c.settings["id"] = c.ID
	c.settings["expires_at"] = float64(time.Now().Add(life).Unix())
	code, closing := c.plan.code, c.plan.close
	if c.Header.Get("OpenAI-Beta") != "" && c.server.traits.Shape != realtime.ShapeBeta {
		c.server.report.Fault("the header OpenAI-Beta asks for a shape that is off")
		code, closing = "beta_api_shape_disabled", 4000
	}
	switch {
	case c.plan.silent:
		return
	case code != "":
		c.fail(nil, "invalid_request_error", code, "", "refused")
		if closing != 0 {
			c.tasks.Go(func() { c.Close(closing, "invalid_request_error."+code) })
		}
		return
	case c.server.config.Dialect == realtime.Inworld && !c.Query.Has("key"):
		c.server.report.Fault("the address has no key of the session")
	}
	named := object{"conversation": object{"id": c.conversation, "object": "realtime.conversation"}}
	if c.server.config.Odd {
		c.event("conversation.created", named)
	}
	c.event("session.created", object{"session": c.server.lower(c.settings)})
	if !c.server.config.Odd {
		c.event("conversation.created", named)
	}
	if c.server.config.Lifetime != 0 {
		expire := time.AfterFunc(life, c.Expire)
		c.tasks.Go(func() {
			<-c.done
			expire.Stop()
		})
	}
}

// update merges settings. If anything is wrong with them, all stay as they are.
func (c *Conn) update(m Message) *problem {
	given, _ := m.Fields["session"].(object)
	change := lift(given)
	if model, ok := change["model"]; ok && !c.server.traits.ModelInSession && model != c.settings["model"] {
		return invalid("session.model", "can't be changed")
	}
	after := merge(c.settings, change)
	if c.spoken && !same(at(after, places["voice"]...), at(c.settings, places["voice"]...)) {
		return &problem{"cannot_update_voice", "session.audio.output.voice", "can't be changed once there was audio"}
	}
	pcmOnly := c.server.traits.Format.Type == realtime.TypePCM
	if pcmOnly && at(after, "audio", "input", "format", "type") != realtime.TypePCM {
		return invalid("session.audio.input.format", "is not PCM")
	}
	c.settings = after
	if c.plan.deaf {
		return nil
	}
	if at(after, "resumption", "enabled") == true {
		c.keep()
	}
	c.event("session.updated", object{"session": c.server.lower(after)})
	c.open()
	return nil
}

// merge lays one object over another, nested ones too, unless they are of another type.
func merge(base, over object) object {
	sum := maps.Clone(base)
	for name, v := range over {
		below, ok := sum[name].(object)
		above, too := v.(object)
		if kind, typed := above["type"]; ok && too && (!typed || kind == below["type"]) {
			v = merge(below, above)
		}
		sum[name] = v
	}
	return sum
}

// at is the value at a path, nil if there is none.
func at(o object, path ...string) any {
	var v any = o
	for _, name := range path {
		o, _ := v.(object)
		v = o[name]
	}
	return v
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }

// Settings are the session's, in the GA shape.
func (c *Conn) Settings() map[string]any {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.settings
}

// setting is the value of a boolean of the turn detection, true unless it is given as
// false or there is no turn detection.
func (c *Conn) turns(name string) bool {
	t, ok := at(c.settings, "audio", "input", "turn_detection").(object)
	return ok && t[name] != false
}
