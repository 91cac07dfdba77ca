package realtimetest

import (
	"encoding/base64"
	"fmt"

	"github.com/patchcord/patchcord/realtime"
)

// item is one of the conversation.
type item struct {
	id, kind, role string
	text           string // what is written in it, or said by its audio
	callID, name   string
	arguments      string
	audio          []byte
	heard          bool // it was audio, of either side
	partial        bool // cancelled or incomplete
	cut            bool // truncated: what is left of the audio has no text any more
	audioMS        float64
	own            object // as the client made it
}

// wire is the item as it is sent; audio only if it is asked for.
func (c *Conn) wire(it *item, audio bool) object {
	o := object{"id": it.id, "object": "realtime.item", "type": it.kind, "status": "completed"}
	if it.partial {
		o["status"] = "incomplete"
	}
	if c.server.config.Odd {
		delete(o, "status")
	}
	switch {
	case it.own != nil:
		for name, v := range it.own {
			o[name] = v
		}
	case it.kind == "function_call":
		o["call_id"], o["name"], o["arguments"] = it.callID, it.name, it.arguments
	case it.heard:
		kind := map[string]string{"user": "input_audio", "assistant": "output_audio"}[it.role]
		if c.server.traits.Shape == realtime.ShapeBeta && it.role == "assistant" {
			kind = "audio"
		}
		part := object{"type": kind, "transcript": orNull(it.text)}
		if audio {
			part["audio"] = base64.StdEncoding.EncodeToString(it.audio)
		}
		o["role"], o["content"] = it.role, []any{part}
	default:
		o["role"], o["content"] = it.role, []any{object{"type": "output_text", "text": it.text}}
	}
	return o
}

// Context is what the model knows, one item a line: who, and what, or how much audio.
func (c *Conn) Context() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, it := range c.items {
		switch {
		case it.kind == "function_call":
			lines = append(lines, fmt.Sprintf("call %s %s(%s)", it.callID, it.name, it.arguments))
		case it.kind == "function_call_output":
			lines = append(lines, fmt.Sprintf("output %s %s", it.callID, it.text))
		case it.cut:
			lines = append(lines, fmt.Sprintf("%s: (%d ms of audio)", it.role, int(it.audioMS)))
		default:
			lines = append(lines, fmt.Sprintf("%s: %s", it.role, it.text))
		}
	}
	return lines
}
