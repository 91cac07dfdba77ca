package realtimetest

import (
	"strings"

	"github.com/patchcord/patchcord/realtime"
)

const transcription = "conversation.item.input_audio_transcription."

// Transcribe sends what the user said in an item: word by word, then the whole text. It
// may be called at any time, in any order.
func (c *Conn) Transcribe(id, words string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.transcribe(id, words)
}

// TranscriptionFails tells that the words of an item can't be written down.
func (c *Conn) TranscriptionFails(id, code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.event(transcription+"failed", object{"item_id": id, "content_index": 0,
		"error": object{"type": "transcription_error", "code": code, "message": code, "param": nil}})
}

// transcribe does nothing if the settings ask for no transcription.
func (c *Conn) transcribe(id, words string) {
	if n := c.find(id); n >= 0 {
		c.items[n].text = words
	}
	if at(c.settings, "audio", "input", "transcription") == nil {
		return
	}
	so := ""
	for _, w := range strings.SplitAfter(words, " ") {
		so += w
		if c.server.config.Dialect == realtime.XAI {
			c.event(transcription+"updated", object{"item_id": id, "content_index": 0, "transcript": so})
		} else if w != "" {
			c.event(transcription+"delta", object{"item_id": id, "content_index": 0, "delta": w})
		}
	}
	c.event(transcription+"completed", object{"item_id": id, "content_index": 0, "transcript": words,
		"usage": object{"type": "tokens", "total_tokens": 29, "input_tokens": 19, "output_tokens": 10,
			"input_token_details": object{"text_tokens": 0, "audio_tokens": 19}}})
}

// keep remembers the conversation, in dialects in which it can be gone on with.
func (c *Conn) keep() {
	s := c.server
	if !s.traits.Resume || at(c.settings, "resumption", "enabled") != true {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resumes[c.conversation] = c.items
}

// resume goes on with a conversation that was kept.
func (c *Conn) resume() {
	s := c.server
	s.mu.Lock()
	defer s.mu.Unlock()
	if items, ok := s.resumes[c.Query.Get("conversation_id")]; ok && s.traits.Resume {
		c.conversation, c.items = c.Query.Get("conversation_id"), items
		for _, it := range items {
			if it.kind == "function_call" || it.kind == "function_call_output" {
				c.calls[it.callID] = it.kind == "function_call_output"
			}
		}
	}
}
