package evi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// ConnectSettings are the session settings that may travel in the address of
// the handshake. Everything set there holds before the first audio byte, which
// is why Audio belongs here. LanguageModelAPIKey ends up in access logs on its
// way: prefer [Chat.SendSettings] for it, and for long prompts.
type ConnectSettings struct {
	Audio               *Audio
	Context             *Context
	CustomSessionID     string
	EventLimit          int // history events loaded on resume; 0 leaves it to EVI
	LanguageModelAPIKey string
	SystemPrompt        string // at most 1000 characters here
	Variables           Variables
	VoiceID             string
}

// SessionSettings change a chat while it runs. They hold for this chat only
// and have to be sent again after a resume. What is zero is left as it was; an
// empty list that is not nil takes all its elements away.
type SessionSettings struct {
	Audio               *Audio         `json:"audio,omitempty"`
	BuiltinTools        []BuiltinTool  `json:"builtin_tools,omitzero"`
	Tools               []Tool         `json:"tools,omitzero"`
	Context             *Context       `json:"context,omitempty"`
	ClearContext        bool           `json:"-"` // sends a null context, which clears it
	SystemPrompt        string         `json:"system_prompt,omitempty"`
	Variables           Variables      `json:"variables,omitempty"`
	VoiceID             string         `json:"voice_id,omitempty"`
	LanguageModelAPIKey string         `json:"language_model_api_key,omitempty"`
	CustomSessionID     string         `json:"custom_session_id,omitempty"`
	Metadata            map[string]any `json:"metadata,omitempty"`
}

// Audio declares what SendAudio sends. EVI knows one raw encoding, "linear16":
// signed 16-bit little-endian samples. Nothing here changes what EVI sends.
type Audio struct {
	Encoding   string `json:"encoding"`
	SampleRate int    `json:"sample_rate"` // Hz
	Channels   int    `json:"channels"`
	Codec      string `json:"codec,omitempty"`
}

// Linear16 declares mono linear16 at a rate in Hz.
func Linear16(rate int) *Audio {
	return &Audio{Encoding: "linear16", SampleRate: rate, Channels: 1}
}

// Context is text added to what the language model sees: once, with the next
// user message ([TemporaryContext], EVI's default), or with each one.
type Context struct {
	Text string `json:"text"`
	Type string `json:"type,omitempty"`
}

// The types of a Context.
const (
	TemporaryContext  = "temporary"
	PersistentContext = "persistent"
)

// Variables fill the placeholders of a prompt. Values are strings, booleans,
// integers or floats; EVI keeps them as strings.
type Variables map[string]any

// Tool is a function that EVI may ask for by a [ToolCall].
type Tool struct {
	Type            string `json:"type"` // "function", filled in if empty
	Name            string `json:"name"`
	Parameters      string `json:"parameters"` // a JSON schema, as text
	Description     string `json:"description,omitempty"`
	FallbackContent string `json:"fallback_content,omitempty"` // for the model if the call fails
}

// BuiltinTool is a tool that EVI runs itself: "web_search" or "hang_up".
type BuiltinTool struct {
	Name            string `json:"name"`
	FallbackContent string `json:"fallback_content,omitempty"`
}

// maxRate bounds a declared sample rate, in Hz.
const maxRate = 192000

func (a *Audio) check() error {
	switch {
	case a == nil:
		return nil
	case a.Encoding != "linear16":
		return fmt.Errorf("Audio.Encoding is %q: EVI supports only linear16", a.Encoding)
	case a.SampleRate < 1 || a.SampleRate > maxRate:
		return fmt.Errorf("Audio.SampleRate is %d: want 1 to %d Hz", a.SampleRate, maxRate)
	case a.Channels < 1 || a.Channels > 2:
		return fmt.Errorf("Audio.Channels is %d: want 1 or 2", a.Channels)
	}
	return nil
}

func (c *Context) check() error {
	switch {
	case c == nil:
		return nil
	case c.Text == "":
		return errors.New("Context.Text is empty")
	case c.Type != "" && c.Type != TemporaryContext && c.Type != PersistentContext:
		return fmt.Errorf("Context.Type is %q: want %s or %s", c.Type, TemporaryContext, PersistentContext)
	}
	return nil
}

func (v Variables) check() error {
	for name, value := range v {
		if _, ok := variable(value); !ok {
			return fmt.Errorf("variable %q is a %T: want a string, a boolean or a finite number", name, value)
		}
	}
	return nil
}

// variable is the value as EVI keeps it.
func variable(v any) (text string, ok bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32), finite(float64(v))
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), finite(v)
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, json.Number:
		return fmt.Sprint(v), true
	}
	return "", false
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func (s *SessionSettings) check() error {
	for i, t := range s.Tools {
		switch {
		case t.Name == "":
			return fmt.Errorf("Tools[%d].Name is empty", i)
		case !json.Valid([]byte(t.Parameters)):
			return fmt.Errorf("Tools[%d].Parameters is not JSON", i)
		}
	}
	for i, t := range s.BuiltinTools {
		if t.Name == "" {
			return fmt.Errorf("BuiltinTools[%d].Name is empty", i)
		}
	}
	return cmp.Or(s.Audio.check(), s.Context.check(), s.Variables.check())
}
