package evi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// ToolResponse answers a [ToolCall].
type ToolResponse struct {
	ToolCallID ToolCallID `json:"tool_call_id"`
	Content    string     `json:"content"` // for the language model; JSON, if it has structure, as text
	ToolName   string     `json:"tool_name,omitempty"`
	ToolType   string     `json:"tool_type,omitempty"`
}

// ToolError tells that a [ToolCall] went wrong.
type ToolError struct {
	ToolCallID ToolCallID `json:"tool_call_id"`
	Error      string     `json:"error"`             // for logs: neither the model nor the user learns of it
	Content    string     `json:"content,omitempty"` // for the language model, in place of a result
	Code       string     `json:"code,omitempty"`
	Level      string     `json:"level,omitempty"` // "warn" or nothing
	ToolType   string     `json:"tool_type,omitempty"`
}

// SendSettings changes the session's settings. It reports what EVI would
// refuse without sending it.
func (c *Chat) SendSettings(s SessionSettings) error {
	if err := s.check(); err != nil {
		return fmt.Errorf("evi: send session_settings: %w", err)
	}
	s.Tools = slices.Clone(s.Tools)
	for i := range s.Tools {
		s.Tools[i].Type = cmp.Or(s.Tools[i].Type, ToolFunction)
	}
	message := struct {
		Type string `json:"type"`
		SessionSettings
		Context any `json:"context,omitempty"` // in place of the embedded one: it can also be null
	}{Type: "session_settings", SessionSettings: s}
	switch {
	case s.Context != nil:
		message.Context = s.Context
	case s.ClearContext:
		message.Context = json.RawMessage("null")
	}
	return c.send("session_settings", message)
}

// SendUserInput sends text that EVI takes for a turn of the user's.
func (c *Chat) SendUserInput(text string) error { return c.sendText("user_input", text) }

// SendAssistantInput sends text that EVI speaks in its own voice.
func (c *Chat) SendAssistantInput(text string) error { return c.sendText("assistant_input", text) }

func (c *Chat) sendText(kind, text string) error {
	if text == "" {
		return fmt.Errorf("evi: send %s: the text is empty", kind)
	}
	return c.send(kind, struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{kind, text})
}

// SendToolResponse answers a tool call with its result.
func (c *Chat) SendToolResponse(r ToolResponse) error {
	if r.ToolCallID == "" {
		return errors.New("evi: send tool_response: ToolCallID is empty")
	}
	return c.send("tool_response", struct {
		Type string `json:"type"`
		ToolResponse
	}{"tool_response", r})
}

// SendToolError answers a tool call that went wrong.
func (c *Chat) SendToolError(e ToolError) error {
	switch {
	case e.ToolCallID == "":
		return errors.New("evi: send tool_error: ToolCallID is empty")
	case e.Level != "" && e.Level != "warn":
		return fmt.Errorf("evi: send tool_error: Level is %q: want warn or nothing", e.Level)
	}
	return c.send("tool_error", struct {
		Type string `json:"type"`
		ToolError
	}{"tool_error", e})
}

// PauseAssistant keeps EVI from answering; it still listens. What EVI has sent
// already is not called back.
func (c *Chat) PauseAssistant() error { return c.sendType("pause_assistant_message") }

// ResumeAssistant lets EVI answer again, first of all the user's last turn.
func (c *Chat) ResumeAssistant() error { return c.sendType("resume_assistant_message") }

func (c *Chat) sendType(kind string) error {
	return c.send(kind, struct {
		Type string `json:"type"`
	}{kind})
}
