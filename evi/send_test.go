package evi_test

import (
	"encoding/binary"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

// Each send, and what of it is on the wire.
func TestSend(t *testing.T) {
	for _, test := range []struct {
		name string
		send func(*evi.Chat) error
		want map[string]any
	}{
		{"settings", func(c *evi.Chat) error {
			return c.SendSettings(evi.SessionSettings{
				Audio: evi.Linear16(16000),
				Tools: []evi.Tool{{Name: "order_status", Parameters: `{"type":"object"}`,
					Description: "Looks up an order", FallbackContent: "It is down."}},
				BuiltinTools:    []evi.BuiltinTool{{Name: "hang_up", FallbackContent: "Goodbye."}},
				Context:         &evi.Context{Text: "Returns line.", Type: evi.PersistentContext},
				SystemPrompt:    "Be brief.",
				Variables:       evi.Variables{"tier": 2, "vip": true, "name": "Dana"},
				VoiceID:         "v",
				CustomSessionID: "CA1",
				Metadata:        map[string]any{"trunk": "east"},
			})
		}, map[string]any{
			"type":  "session_settings",
			"audio": map[string]any{"encoding": "linear16", "sample_rate": 16000.0, "channels": 1.0},
			"tools": []any{map[string]any{"type": "function", "name": "order_status",
				"parameters": `{"type":"object"}`, "description": "Looks up an order", "fallback_content": "It is down."}},
			"builtin_tools":     []any{map[string]any{"name": "hang_up", "fallback_content": "Goodbye."}},
			"context":           map[string]any{"text": "Returns line.", "type": "persistent"},
			"system_prompt":     "Be brief.",
			"variables":         map[string]any{"tier": 2.0, "vip": true, "name": "Dana"},
			"voice_id":          "v",
			"custom_session_id": "CA1",
			"metadata":          map[string]any{"trunk": "east"},
		}},
		{"nothing changed", func(c *evi.Chat) error { return c.SendSettings(evi.SessionSettings{}) },
			map[string]any{"type": "session_settings"}},
		{"things taken away", func(c *evi.Chat) error {
			return c.SendSettings(evi.SessionSettings{ClearContext: true, Tools: []evi.Tool{},
				BuiltinTools: []evi.BuiltinTool{}})
		}, map[string]any{"type": "session_settings", "context": nil, "tools": []any{}, "builtin_tools": []any{}}},
		{"user input", func(c *evi.Chat) error { return c.SendUserInput("2 <pressed>") },
			map[string]any{"type": "user_input", "text": "2 <pressed>"}},
		{"assistant input", func(c *evi.Chat) error { return c.SendAssistantInput("Hold on.") },
			map[string]any{"type": "assistant_input", "text": "Hold on."}},
		{"tool response", func(c *evi.Chat) error {
			return c.SendToolResponse(evi.ToolResponse{ToolCallID: "call_1", Content: `{"status":"shipped"}`,
				ToolName: "order_status", ToolType: evi.ToolFunction})
		}, map[string]any{"type": "tool_response", "tool_call_id": "call_1", "content": `{"status":"shipped"}`,
			"tool_name": "order_status", "tool_type": "function"}},
		{"empty tool response", func(c *evi.Chat) error { return c.SendToolResponse(evi.ToolResponse{ToolCallID: "call_1"}) },
			map[string]any{"type": "tool_response", "tool_call_id": "call_1", "content": ""}},
		{"tool error", func(c *evi.Chat) error {
			return c.SendToolError(evi.ToolError{ToolCallID: "call_1", Error: "503", Content: "It is down.", Code: "down",
				Level: "warn"})
		}, map[string]any{"type": "tool_error", "tool_call_id": "call_1", "error": "503", "content": "It is down.",
			"code": "down", "level": "warn"}},
		{"pause", (*evi.Chat).PauseAssistant, map[string]any{"type": "pause_assistant_message"}},
		{"resume", (*evi.Chat).ResumeAssistant, map[string]any{"type": "resume_assistant_message"}},
		{"audio", func(c *evi.Chat) error { return c.SendAudio([]byte{0, 1, 2, 3}) },
			map[string]any{"type": "audio_input", "data": "AAECAw=="}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := make(chan map[string]any, 1)
			s := serve(t, play(func(c *evitest.Conn) error {
				m, err := c.Receive(t.Context())
				got <- m.Fields
				return err
			}))
			if err := test.send(dial(t, s)); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, <-got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What EVI would refuse is refused here, and the chat goes on.
func TestSendRefused(t *testing.T) {
	c := dial(t, serve(t, evitest.Script(evitest.Expect("user_input"))))
	settings := func(s evi.SessionSettings) func() error { return func() error { return c.SendSettings(s) } }
	for want, send := range map[string]func() error{
		"send audio_input: 3 bytes are not whole": func() error { return c.SendAudio(make([]byte, 3)) },
		"at most 1048576":                         func() error { return c.SendAudio(make([]byte, 1<<20+2)) },
		"send user_input: the text is empty":      func() error { return c.SendUserInput("") },
		"send assistant_input: the text is empty": func() error { return c.SendAssistantInput("") },
		"send tool_response: ToolCallID is empty": func() error { return c.SendToolResponse(evi.ToolResponse{}) },
		"send tool_error: ToolCallID is empty":    func() error { return c.SendToolError(evi.ToolError{}) },
		`send tool_error: Level is "error": want warn`: func() error {
			return c.SendToolError(evi.ToolError{ToolCallID: "x",
				Level: "error"})
		},
		"send session_settings: Tools[0].Name": settings(evi.SessionSettings{Tools: []evi.Tool{{Parameters: "{}"}}}),
		"send session_settings: Tools[0].Parameters": settings(evi.SessionSettings{Tools: []evi.Tool{{Name: "x",
			Parameters: "{"}}}),
		"send session_settings: BuiltinTools[0].Name":          settings(evi.SessionSettings{BuiltinTools: []evi.BuiltinTool{{}}}),
		"send session_settings: Audio.SampleRate":              settings(evi.SessionSettings{Audio: evi.Linear16(-1)}),
		"send session_settings: Context.Text":                  settings(evi.SessionSettings{Context: &evi.Context{}}),
		`send session_settings: variable "x" is a struct {}`:   settings(evi.SessionSettings{Variables: evi.Variables{"x": struct{}{}}}),
		"send session_settings: json: unsupported value: +Inf": settings(evi.SessionSettings{Metadata: map[string]any{"x": math.Inf(1)}}),
	} {
		if err := send(); err == nil || !strings.Contains(err.Error(), "evi: send ") || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	if err := c.SendAudio(nil); err != nil {
		t.Errorf("no audio: %v", err)
	}
	if err := c.SendUserInput("hello"); err != nil {
		t.Error(err)
	}
}

// Sends from many goroutines arrive whole, and those of one in order.
func TestSendTogether(t *testing.T) {
	const senders, each = 8, 50
	heard := make(chan map[byte]uint32, 1)
	s := serve(t, play(func(c *evitest.Conn) error {
		next := map[byte]uint32{}
		defer func() { heard <- next }()
		for range senders * each {
			m, err := c.Receive(t.Context())
			if err != nil {
				return err
			}
			if m.Type != "audio_input" {
				continue
			}
			if n := binary.LittleEndian.Uint32(m.Audio[2:]); n != next[m.Audio[0]] {
				t.Errorf("sender %d: got %d, want %d", m.Audio[0], n, next[m.Audio[0]])
			}
			next[m.Audio[0]]++
		}
		return nil
	}))
	c := dial(t, s)
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for n := range each {
				var err error
				if i == 0 {
					err = c.SendToolResponse(evi.ToolResponse{ToolCallID: "call", Content: strings.Repeat("x", 100*n)})
				} else {
					err = c.SendAudio(binary.LittleEndian.AppendUint32([]byte{byte(i), 0}, uint32(n)))
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got := <-heard
	for i := 1; i < senders; i++ {
		if got[byte(i)] != each {
			t.Errorf("sender %d: %d arrived, want %d", i, got[byte(i)], each)
		}
	}
}
