package evi

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestDecode(t *testing.T) {
	calm := map[string]float64{"Calmness": 0.21, "Surprise (negative)": 0.05}
	for _, test := range []struct {
		name, raw string
		want      Event
	}{
		{"metadata", `{"type":"chat_metadata","chat_id":"c-1","chat_group_id":"g-1","request_id":"r-1","custom_session_id":"CA1"}`,
			ChatMetadata{ChatID: "c-1", ChatGroupID: "g-1", RequestID: "r-1", CustomSessionID: "CA1"}},
		{"metadata with nulls", `{"type":"chat_metadata","chat_id":"c-1","chat_group_id":null,"request_id":null,"new_field":[{}]}`,
			ChatMetadata{ChatID: "c-1"}},
		{"settings", `{"type":"session_settings","audio":{"encoding":"linear16","sample_rate":8000,"channels":1},"variables":{"tier":"2"},"tools":null,"context":null}`,
			SettingsEcho{SessionSettings{Audio: Linear16(8000), Variables: Variables{"tier": "2"}}}},
		{"user message", `{"type":"user_message","from_text":false,"interim":true,"language":"en","message":{"role":"user","content":"Where is it?","tool_call":null},
			"models":{"prosody":{"scores":{"Calmness":0.21,"Surprise (negative)":0.05}}},"time":{"begin":4120,"end":5480}}`,
			UserMessage{Message: Message{Role: "user", Content: "Where is it?", ToolCall: json.RawMessage("null")},
				Prosody: calm,
				Begin:   4120 * time.Millisecond, End: 5480 * time.Millisecond, Interim: true, Language: "en"}},
		{"user message without prosody",
			`{"type":"user_message","from_text":true,"message":{"role":"user","content":"2"},"models":{"prosody":null},"time":{"begin":0.0,"end":1.5}}`,
			UserMessage{Message: Message{Role: "user", Content: "2"}, End: 1500 * time.Microsecond, FromText: true}},
		{"user message with null everywhere",
			`{"type":"user_message","from_text":null,"message":null,"models":null,"time":null}`, UserMessage{}},
		{"interruption", `{"type":"user_interruption","time":1790000000123}`, UserInterruption{Time: 1790000000123}},
		{"interruption in seconds", `{"type":"user_interruption","time":1790000000.5}`, UserInterruption{Time: 1790000000}},
		{"interruption at an odd time", `{"type":"user_interruption","time":"now"}`, UserInterruption{}},
		{"assistant message", `{"type":"assistant_message","id":"s-1","from_text":true,"is_quick_response":true,"language":null,"message":{"role":"assistant","content":"Hold on."},"models":{"prosody":{"scores":{"Calmness":0.21,"Surprise (negative)":0.05}}}}`,
			AssistantMessage{ID: "s-1", Message: Message{Role: "assistant", Content: "Hold on."}, Prosody: calm,
				FromText: true, QuickResponse: true}},
		{"prosody", `{"type":"assistant_prosody","id":"s-1","models":{"prosody":{"scores":{"Calmness":0.21,"Surprise (negative)":0.05}}}}`,
			AssistantProsody{ID: "s-1", Prosody: calm}},
		{"end", `{"type":"assistant_end"}`, AssistantEnd{}},
		{"tool call", `{"type":"tool_call","tool_call_id":"call_1","name":"order_status","parameters":"{\"order_id\":\"A-17\"}","response_required":true,"tool_type":"function"}`,
			ToolCall{ID: "call_1", Name: "order_status", Parameters: `{"order_id":"A-17"}`, ResponseRequired: true,
				ToolType: ToolFunction}},
		{"tool call with an odd field", `{"type":"tool_call","tool_call_id":"call_1","name":7,"parameters":"{}"}`,
			ToolCall{ID: "call_1", Parameters: "{}"}},
		{"tool response", `{"type":"tool_response","tool_call_id":"call_2","content":"bye","tool_name":"hang_up","tool_type":"builtin"}`,
			ToolResponseEvent{ToolResponse{ToolCallID: "call_2", Content: "bye", ToolName: "hang_up", ToolType: ToolBuiltin}}},
		{"tool error", `{"type":"tool_error","tool_call_id":"call_3","error":"no results","code":"none","level":"warn","content":null,"tool_type":"builtin"}`,
			ToolErrorEvent{ToolError{ToolCallID: "call_3", Error: "no results", Code: "none", Level: "warn",
				ToolType: ToolBuiltin}}},
		{"error", `{"type":"error","code":"E0714","slug":"inactivity_timeout","message":"nobody spoke","request_id":"r-1"}`,
			&Error{Code: ErrInactivityTimeout, Slug: "inactivity_timeout", Message: "nobody spoke", RequestID: "r-1"}},
		{"error without anything", `{"type":"error"}`, &Error{}},
		{"audio", `{"type":"audio_output","id":"s-1","index":3,"data":"UklGRg=="}`, &AudioOutput{ID: "s-1", Index: 3,
			Data: []byte("RIFF")}},
		{"audio in Python's way",
			`{"type": "audio_output", "custom_session_id": null, "id": "s-1", "data": "UklGRg==", "index": 0}`,
			&AudioOutput{ID: "s-1", Data: []byte("RIFF")}},
		{"audio with escapes", `{"type":"audio_output","id":"s\u002d1","index":0,"data":"\/\/8="}`,
			&AudioOutput{ID: "s-1", Data: []byte{0xff, 0xff}}},
		{"audio with more than we know",
			`{"data":"UklGRg==","id":"s-1","index":1,"type":"audio_output","transcript":{"words":[]}}`,
			&AudioOutput{ID: "s-1", Index: 1, Data: []byte("RIFF")}},
		{"empty audio", `{"type":"audio_output","id":"s-1","index":0,"data":""}`, &AudioOutput{ID: "s-1", Data: []byte{}}},
		{"a type of tomorrow", `{"type":"assistant_mood","mood":"good"}`,
			Unknown{Type: "assistant_mood", Raw: []byte(`{"type":"assistant_mood","mood":"good"}`)}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var d decoder
			if diff := cmp.Diff(test.want, d.decode([]byte(test.raw))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	for _, raw := range []string{
		"", "hello", "[]", "null", "7", `"audio_output"`, "{}", `{"type":null}`, `{"type":5}`, `{"type":"error"`,
		`{"type":"error"} x`,
		`{"type":"audio_output","id":"s","index":0}`,
		`{"type":"audio_output","id":"s","index":0,"data":null}`,
		`{"type":"audio_output","id":"s","index":0,"data":5}`,
		`{"type":"audio_output","id":"s","index":0,"data":"not base64!"}`,
		`{"type":"audio_output","id":"s","index":0,"data":"UklG` + "\n" + `"}`,
	} {
		var d decoder
		if e, ok := d.decode([]byte(raw)).(Malformed); !ok || e.Err == nil {
			t.Errorf("%q: got %#v, want Malformed with a reason", raw, e)
		}
	}
}

// What is handed out must not change when the message's buffer is used again.
func TestDecodeKeepsNothingOfTheMessage(t *testing.T) {
	var d decoder
	for _, raw := range []string{
		`{"type":"audio_output","id":"s-1","index":3,"data":"UklGRg=="}`,
		`{"type":"user_message","message":{"content":"hello","tool_call":{"a":1}}}`,
		`{"type":"assistant_mood"}`,
	} {
		b := []byte(raw)
		got := d.decode(b)
		clear(b)
		var fresh decoder
		if diff := cmp.Diff(fresh.decode([]byte(raw)), got); diff != "" {
			t.Errorf("%s: %s", raw, diff)
		}
	}
}
