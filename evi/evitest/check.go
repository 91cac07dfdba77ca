package evitest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// needs lists the messages that EVI takes, with the strings that each must
// have, as Hume's EVI reference has them.
var needs = map[string][]string{
	"audio_input":              {"data"},
	"session_settings":         nil,
	"user_input":               {"text"},
	"assistant_input":          {"text"},
	"tool_response":            {"tool_call_id", "content"},
	"tool_error":               {"tool_call_id", "error"},
	"pause_assistant_message":  nil,
	"resume_assistant_message": nil,
}

// check records what EVI would reject in a message.
func (c *Conn) check(m Message) {
	if m.Type == "audio_input" {
		c.checkAudio(m.Audio)
	}
	if m.Fields == nil { // a binary frame
		return
	}
	required, known := needs[m.Type]
	if !known {
		c.server.report.Fault("E0101: unknown message type %q", m.Type)
		return
	}
	for _, field := range required {
		if _, ok := m.Fields[field].(string); !ok {
			c.server.report.Fault("E0101: %s needs %s, a string", m.Type, field)
		}
	}
	if level, ok := m.Fields["level"]; ok && m.Type == "tool_error" && level != "warn" {
		c.server.report.Fault("E0101: tool_error: level is %q", level)
	}
	if m.Type == "session_settings" {
		c.checkSettings(m.Fields)
	}
}

// checkAudio expects whole samples of what was declared, or else a file, which
// declares itself.
func (c *Conn) checkAudio(audio []byte) {
	switch {
	case bytes.HasPrefix(audio, []byte("RIFF")):
		c.declared = true
	case !c.declared && len(audio) > 0:
		c.server.report.Fault("I0116: raw audio before any audio setting")
	case len(audio)%2 != 0:
		c.server.report.Fault("I0116: %d bytes of audio are not whole samples", len(audio))
	}
}

func (c *Conn) checkSettings(fields map[string]any) {
	if audio, ok := fields["audio"].(map[string]any); ok {
		c.declared = true
		if audio["encoding"] != "linear16" {
			c.server.report.Fault("E0101: session_settings: audio.encoding is not linear16")
		}
		for _, field := range []string{"sample_rate", "channels"} {
			if n, ok := audio[field].(float64); !ok || n < 1 {
				c.server.report.Fault("E0101: session_settings: audio.%s is not a number above 0", field)
			}
		}
	}
	if given, ok := fields["context"].(map[string]any); ok {
		if _, ok := given["text"].(string); !ok {
			c.server.report.Fault("E0101: session_settings: context needs text, a string")
		}
		if kind, ok := given["type"]; ok && kind != "temporary" && kind != "persistent" {
			c.server.report.Fault("E0101: session_settings: context.type is %q", kind)
		}
	}
	tools, _ := fields["tools"].([]any)
	for _, tool := range tools {
		tool, _ := tool.(map[string]any)
		if _, ok := tool["parameters"].(string); !ok {
			c.server.report.Fault("E0101: session_settings: a tool's parameters must be a string that holds a JSON schema")
		}
		if tool["type"] != "function" {
			c.server.report.Fault("E0101: session_settings: a tool's type is not function")
		}
	}
}

// checkQuery records what EVI would reject in a handshake, or ignore although
// it was meant.
func (s *Server) checkQuery(h http.Header, q url.Values) {
	if q.Has("access_token") && (q.Has("api_key") || h.Get("X-Hume-Api-Key") != "") {
		s.report.Fault("handshake: both an API key and an access token")
	}
	if encoding := q.Get("session_settings[audio][encoding]"); encoding != "" && encoding != "linear16" {
		s.report.Fault("handshake: audio encoding %q: only linear16 is known", encoding)
	}
	for _, name := range []string{"verbose_transcription", "allow_connection"} {
		if v := q.Get(name); v != "" && v != "true" && v != "false" {
			s.report.Fault("handshake: %s is %q: want true or false", name, v)
		}
	}
	for name := range q {
		for _, later := range []string{"tools", "builtin_tools", "metadata"} {
			if strings.HasPrefix(name, "session_settings["+later+"]") {
				s.report.Fault("handshake: session_settings[%s] is taken by message only", later)
			}
		}
	}
}
