package realtimetest

import (
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/realtime"
)

// A server of another dialect takes and sends other shapes; inside, all is GA's.

// eventRules are what a client may send, by the dialect.
func (s *Server) eventRules() map[string]rule {
	session := sessionFields
	item := items(false)
	switch s.traits.Shape {
	case realtime.ShapeTopVAD:
		session = join(session, xaiSession)
		delete(session, "*type")
		item = either(item, structure(fields{"*type": word("force_message"), "*content": list(free), "role": text,
			"interruptible": boolean, "voice": text}))
	case realtime.ShapeBeta:
		session = betaSession
		item = free // part names of old
	}
	if s.config.Dialect == realtime.Inworld {
		session = join(session, fields{"providerData": free})
		session["audio"] = structure(fields{"input": free, "output": free})
	}
	known := map[string]fields{
		"session.update":             {"*session": structure(session)},
		"input_audio_buffer.append":  {"*audio": base64Audio},
		"input_audio_buffer.commit":  {},
		"input_audio_buffer.clear":   {},
		"conversation.item.create":   {"previous_item_id": nullable(text), "*item": item},
		"conversation.item.retrieve": {"*item_id": text},
		"conversation.item.delete":   {"*item_id": text},
		"conversation.item.truncate": {"*item_id": text, "*content_index": integer(0, 0), "*audio_end_ms": integer(0, 1e9)},
		"response.create":            {"response": answer},
		"response.cancel":            {"response_id": text},
	}
	switch s.config.Dialect {
	case realtime.HuggingFace:
		delete(known, "conversation.item.retrieve")
		delete(known, "conversation.item.delete")
	case realtime.Speaches:
		known["response.create"] = fields{"response": free}
	}
	rules := map[string]rule{}
	for kind, f := range known {
		rules[kind] = structure(join(f, fields{"*type": text, "event_id": text}))
	}
	return rules
}

// xaiSession is what xAI's has besides.
var xaiSession = fields{"voice": text, "reasoning": structure(fields{"*effort": word("none", "high")}),
	"resumption": structure(fields{"*enabled": boolean}),
	"turn_detection": nullable(structure(join(serverVAD, fields{"*type": word("server_vad"),
		"threshold": number(0.1, 0.9)}))),
	"audio": structure(fields{
		"input":  structure(fields{"format": anyRate, "transcription": nullable(free), "noise_reduction": free}),
		"output": structure(fields{"format": anyRate, "speed": number(0.5, 2)}),
	})}

var betaFormat = word("pcm16", "g711_ulaw", "g711_alaw")

// betaSession is the session's shape of old.
var betaSession = fields{"modalities": list(word("audio", "text")), "instructions": text, "voice": text, "model": text,
	"input_audio_format": betaFormat, "output_audio_format": betaFormat, "input_audio_transcription": nullable(free),
	"turn_detection": nullable(variant("type", vads)), "tools": list(tool), "tool_choice": free,
	"temperature": number(0, 2), "max_response_output_tokens": free, "input_audio_noise_reduction": nullable(free),
	"speed": number(0.25, 1.5), "tracing": free}

var betaFormats = map[string]any{
	"pcm16":     object{"type": "audio/pcm", "rate": 24000.0},
	"g711_ulaw": object{"type": "audio/pcmu"},
	"g711_alaw": object{"type": "audio/pcma"},
}

// places are where GA has what others have at the top.
var places = map[string][]string{
	"voice":                      {"audio", "output", "voice"},
	"turn_detection":             {"audio", "input", "turn_detection"},
	"input_audio_format":         {"audio", "input", "format"},
	"output_audio_format":        {"audio", "output", "format"},
	"input_audio_transcription":  {"audio", "input", "transcription"},
	"modalities":                 {"output_modalities"},
	"max_response_output_tokens": {"max_output_tokens"},
}

// lift makes the GA shape of settings.
func lift(o object) object {
	ga := object{}
	for name, v := range o {
		if f, ok := v.(string); ok && betaFormats[f] != nil {
			v = betaFormats[f]
		}
		to, moved := places[name]
		if !moved {
			to = []string{name}
		}
		ga = merge(ga, nest(to, v))
	}
	return ga
}

func nest(path []string, v any) object {
	for i := len(path) - 1; i > 0; i-- {
		v = object{path[i]: v}
	}
	return object{path[0]: v}
}

// lower makes the dialect's shape of settings.
func (s *Server) lower(ga object) object {
	o := maps.Clone(ga)
	switch s.traits.Shape {
	case realtime.ShapeTopVAD:
		o["voice"], o["turn_detection"] = at(ga, places["voice"]...), at(ga, places["turn_detection"]...)
	case realtime.ShapeBeta:
		for name, place := range places {
			o[name] = at(ga, place...)
			for f, v := range betaFormats {
				if name != "turn_detection" && same(o[name], v) {
					o[name] = f
				}
			}
		}
		maps.DeleteFunc(o, func(name string, _ any) bool {
			return slices.Contains([]string{"audio", "output_modalities", "max_output_tokens", "type"}, name)
		})
	}
	return o
}

// betaNames are those that the beta had for events and parts.
var betaNames = strings.NewReplacer("response.output_audio", "response.audio", "response.output_text", "response.text")
