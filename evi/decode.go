package evi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Decode is decode, and remembers an error that may explain the end.
func (d *decoder) Decode(raw []byte) Event {
	e := d.decode(raw)
	if e, ok := e.(*Error); ok && !e.Code.Warning() {
		d.cause = e
	}
	return e
}

func (d *decoder) Malformed(err error) Event { return Malformed{Err: err} }

func (d *decoder) TooLarge(kind string, bytes, most int) Event {
	return TooLarge{Type: kind, Bytes: bytes, Max: most}
}

// Forget ends the life of the last Data.
func (d *decoder) Forget() {
	d.sound.Forget()
	d.out.Data = nil
}

func (d *decoder) Ended(code int, text string) error {
	return &CloseError{Code: code, Text: text, Cause: d.cause}
}

// decode makes an event of one message. Nothing in the event points into raw.
func (d *decoder) decode(raw []byte) Event {
	if a := d.scan(raw); a != nil {
		return a
	}
	var head struct {
		Type *string `json:"type"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		return Malformed{Err: fmt.Errorf("not a JSON object with a type: %w", err)}
	}
	if head.Type == nil {
		return Malformed{Err: errors.New("a message without a type")}
	}
	switch *head.Type {
	case "chat_metadata":
		return fields[ChatMetadata](raw)
	case "session_settings":
		return SettingsEcho{fields[SessionSettings](raw)}
	case "user_message":
		return fields[spoken](raw).userMessage()
	case "user_interruption":
		return UserInterruption{Time: int64(fields[interruption](raw).Time)}
	case "assistant_message":
		return fields[spoken](raw).assistantMessage()
	case "assistant_prosody":
		m := fields[spoken](raw)
		return AssistantProsody{ID: m.ID, Prosody: m.Models.Prosody.Scores}
	case soundKind:
		return d.audio(fields[audioOutput](raw))
	case "assistant_end":
		return AssistantEnd{}
	case "tool_call":
		return fields[ToolCall](raw)
	case "tool_response":
		return ToolResponseEvent{fields[ToolResponse](raw)}
	case "tool_error":
		return ToolErrorEvent{fields[ToolError](raw)}
	case "error":
		e := fields[Error](raw)
		return &e
	}
	return Unknown{Type: *head.Type, Raw: bytes.Clone(raw)}
}

// fields decodes a JSON object. A field of another type than expected stays
// zero: encoding/json skips it, goes on with the others and reports it, and the
// report is dropped, since an interruption with an odd time is an interruption.
func fields[T any](raw []byte) T {
	var v T
	_ = json.Unmarshal(raw, &v)
	return v
}

// spoken has the fields of user_message, assistant_message and
// assistant_prosody. Numbers are floats, so that 1.0 is a fine integer.
type spoken struct {
	ID      string  `json:"id"`
	Message Message `json:"message"`
	Models  struct {
		Prosody struct {
			Scores map[string]float64 `json:"scores"`
		} `json:"prosody"`
	} `json:"models"`
	Time struct {
		Begin float64 `json:"begin"` // ms
		End   float64 `json:"end"`   // ms
	} `json:"time"`
	FromText        bool   `json:"from_text"`
	Interim         bool   `json:"interim"`
	IsQuickResponse bool   `json:"is_quick_response"`
	Language        string `json:"language"`
}

type interruption struct {
	Time float64 `json:"time"`
}

func (s spoken) userMessage() UserMessage {
	return UserMessage{
		Message:  s.Message,
		Prosody:  s.Models.Prosody.Scores,
		Begin:    time.Duration(s.Time.Begin * float64(time.Millisecond)),
		End:      time.Duration(s.Time.End * float64(time.Millisecond)),
		FromText: s.FromText,
		Interim:  s.Interim,
		Language: s.Language,
	}
}

func (s spoken) assistantMessage() AssistantMessage {
	return AssistantMessage{
		ID:            s.ID,
		Message:       s.Message,
		Prosody:       s.Models.Prosody.Scores,
		FromText:      s.FromText,
		QuickResponse: s.IsQuickResponse,
		Language:      s.Language,
	}
}
