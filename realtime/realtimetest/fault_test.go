package realtimetest_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// clear is an event whose answer shows that all before it has been taken.
const clear = `{"type":"input_audio_buffer.clear"}`

// Each event, the code by which it is refused, and where the fault is.
func TestFaults(t *testing.T) {
	update := func(fields string) string {
		return `{"type":"session.update","event_id":"e","session":{` + fields + `}}`
	}
	create := func(item string) string {
		return `{"type":"conversation.item.create","event_id":"e","item":` + item + `}`
	}
	for _, test := range []struct{ message, code, param string }{
		{`{`, "invalid_json", ""},
		{`[]`, "invalid_json", ""},
		{`{}`, "missing_required_parameter", "type"},
		{`{"type":"audio_input","event_id":"e"}`, "invalid_value", "type"},
		{`{"type":"response.cancel","event_id":"e","more":1}`, "unknown_parameter", "more"},
		{update(``), "missing_required_parameter", "session.type"},
		{update(`"type":"transcription"`), "invalid_value", "session.type"},
		{update(`"type":"realtime","modalities":["audio"]`), "unknown_parameter", "session.modalities"},
		{update(`"type":"realtime","temperature":0.8`), "unknown_parameter", "session.temperature"},
		{update(`"type":"realtime","model":"other"`), "invalid_value", "session.model"},
		{update(`"type":"realtime","output_modalities":["audio","text"]`), "invalid_value", "session.output_modalities"},
		{update(`"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu","rate":8000}}}`), "unknown_parameter",
			"session.audio.input.format.rate"},
		{update(`"type":"realtime","audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}}`), "invalid_value",
			"session.audio.input.format.rate"},
		{update(`"type":"realtime","audio":{"output":{"format":"g711_ulaw"}}`), "invalid_value",
			"session.audio.output.format"},
		{update(`"type":"realtime","audio":{"output":{"speed":2}}`), "invalid_value", "session.audio.output.speed"},
		{update(`"type":"realtime","audio":{"input":{"turn_detection":{"type":"server_vad","idle_timeout_ms":100}}}`),
			"invalid_value", "session.audio.input.turn_detection.idle_timeout_ms"},
		{update(`"type":"realtime","audio":{"input":{"turn_detection":{"type":"semantic_vad","threshold":0.5}}}`),
			"unknown_parameter", "session.audio.input.turn_detection.threshold"},
		{update(`"type":"realtime","audio":{"input":{"noise_reduction":{"type":"far"}}}`), "invalid_value",
			"session.audio.input.noise_reduction.type"},
		{update(`"type":"realtime","tools":[{"type":"function","name":"x","parameters":"{}"}]`), "invalid_value",
			"session.tools[0].parameters"},
		{update(`"type":"realtime","tools":[{"type":"function"}]`), "missing_required_parameter", "session.tools[0].name"},
		{update(`"type":"realtime","tool_choice":"maybe"`), "invalid_value", "session.tool_choice"},
		{update(`"type":"realtime","max_output_tokens":5000`), "invalid_value", "session.max_output_tokens"},
		{update(`"type":"realtime","truncation":{"type":"retention_ratio"}`), "missing_required_parameter",
			"session.truncation.retention_ratio"},
		{update(`"type":"realtime","prompt":{"id":"p"}`), "unknown_parameter", "session.prompt"},
		{`{"type":"input_audio_buffer.append","event_id":"e"}`, "missing_required_parameter", "audio"},
		{`{"type":"input_audio_buffer.append","event_id":"e","audio":"?"}`, "invalid_value", "audio"},
		{`{"type":"input_audio_buffer.append","event_id":"e","audio":""}`, "invalid_value", "audio"},
		{`{"type":"input_audio_buffer.commit","event_id":"e"}`, "input_audio_buffer_commit_empty", ""},
		{create(`{"type":"poem"}`), "invalid_value", "item.type"},
		{create(`{"type":"message","role":"tool","content":[]}`), "invalid_value", "item.role"},
		{create(`{"type":"message","role":"user","content":[{"type":"output_text","text":"x"}]}`), "invalid_value",
			"item.content[0].type"},
		{create(`{"type":"message","role":"user","content":[{"type":"input_text"}]}`), "missing_required_parameter",
			"item.content[0].text"},
		{create(`{"type":"message","role":"assistant","content":[{"type":"output_audio","transcript":"x"}]}`),
			"invalid_value", "item.content[0].type"},
		{create(`{"type":"item_reference","id":"x"}`), "invalid_value", "item.type"},
		{create(`{"type":"function_call_output","call_id":"nobody's","output":"x"}`), "invalid_value", "item.call_id"},
		{create(`{"type":"function_call_output","call_id":"x"}`), "missing_required_parameter", "item.output"},
		{`{"type":"conversation.item.create","event_id":"e","previous_item_id":"x","item":{"type":"message","role":"user",
			"content":[{"type":"input_text","text":"x"}]}}`, "item_not_found", "previous_item_id"},
		{`{"type":"conversation.item.truncate","event_id":"e","item_id":"x","content_index":0,"audio_end_ms":1.5}`,
			"invalid_type", "audio_end_ms"},
		{`{"type":"conversation.item.truncate","event_id":"e","item_id":"x","content_index":0,"audio_end_ms":-1}`,
			"invalid_value", "audio_end_ms"},
		{`{"type":"conversation.item.truncate","event_id":"e","item_id":"x","content_index":1,"audio_end_ms":0}`,
			"invalid_value", "content_index"},
		{`{"type":"response.create","event_id":"e","response":{"modalities":["audio"]}}`, "unknown_parameter",
			"response.modalities"},
		{`{"type":"response.create","event_id":"e","response":{"conversation":"new"}}`, "invalid_value",
			"response.conversation"},
		{`{"type":"response.create","event_id":"e","response":{"metadata":{"a":1}}}`, "invalid_value", "response.metadata.a"},
		{`{"type":"response.create","event_id":"e","response":{"input":[{"type":"item_reference","id":"x"}]}}`,
			"item_not_found", "response.input"},
	} {
		s := start(t, realtimetest.Config{})
		c := ready(t, s)
		c.send(test.message, clear)
		e, _ := c.until("error")["error"].(object)
		c.until("input_audio_buffer.cleared") // the session goes on
		if e["code"] != test.code || test.param != "" && e["param"] != test.param ||
			(e["event_id"] == "e") != strings.Contains(test.message, `"event_id"`) {
			t.Errorf("%s: got %v, want %s at %s", test.message, e, test.code, test.param)
		}
		if f := s.Faults(); len(f) != 1 || !strings.Contains(f[0], test.code) {
			t.Errorf("%s: faults %q", test.message, f)
		}
	}
}

// Races are refused, too, and are nobody's fault.
func TestRacesAreNoFaults(t *testing.T) {
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		<-r.Context().Done()
		return realtimetest.ErrInterrupted
	}})
	c := ready(t, s)
	for _, test := range []struct{ message, code string }{
		{`{"type":"response.cancel"}`, "response_cancel_not_active"},
		{`{"type":"conversation.item.truncate","item_id":"x","content_index":0,"audio_end_ms":0}`,
			"item_truncate_invalid_item_id"},
		{`{"type":"conversation.item.delete","item_id":"x"}`, "item_delete_invalid_item_id"},
		{`{"type":"conversation.item.retrieve","item_id":"x"}`, "item_retrieve_invalid_item_id"},
	} {
		c.send(test.message)
		if e := c.until("error")["error"].(object); e["code"] != test.code {
			t.Errorf("%s: got %v", test.message, e)
		}
	}
	c.send(`{"type":"response.create"}`, `{"type":"response.create"}`)
	if e := c.until("error")["error"].(object); e["code"] != "conversation_already_has_active_response" {
		t.Errorf("got %v", e)
	}
	c.send(`{"type":"response.cancel"}`, `{"type":"response.cancel"}`)
	if got := compact(c.kinds("response.done")); got != "error r.done" && got != "r.done" {
		t.Errorf("got %s", got)
	}
	if f := s.Faults(); len(f) != 0 {
		t.Errorf("faults: %q", f)
	}
}

// Sound that comes before the formats were agreed on is noise to the server.
func TestAudioTooEarly(t *testing.T) {
	s := start(t, realtimetest.Config{})
	c := connect(t, s)
	c.send(`{"type":"input_audio_buffer.append","audio":"//8="}`, clear)
	c.until("input_audio_buffer.cleared")
	if f := s.Faults(); len(f) != 1 || !strings.Contains(f[0],
		"before session.updated: it is taken for audio/pcm at 24000 Hz") {
		t.Errorf("faults: %q", f)
	}
}

func TestBinaryFrame(t *testing.T) {
	s := start(t, realtimetest.Config{})
	c := ready(t, s)
	if err := c.ws.WriteMessage(websocket.BinaryMessage, []byte{1}); err != nil {
		t.Fatal(err)
	}
	if e := c.until("error")["error"].(object); e["code"] != "invalid_event" {
		t.Errorf("got %v", e)
	}
}

// The voice is fixed once there was audio, and the rest of the update is refused with it.
func TestVoiceIsFixed(t *testing.T) {
	s := start(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hi.", 0)})})
	c := ready(t, s)
	voice := func(name string) {
		c.send(`{"type":"session.update","session":{"type":"realtime","instructions":"` + name + `","audio":{"output":{
			"voice":"` + name + `"}}}}`)
	}
	voice("cedar")
	c.until("session.updated")
	c.send(`{"type":"response.create"}`)
	c.until("response.done")
	voice("alloy")
	if e := c.until("error")["error"].(object); e["code"] != "cannot_update_voice" {
		t.Errorf("got %v", e)
	}
	if got := s.Conns()[0].Settings()["instructions"]; got != "cedar" {
		t.Errorf("half of the update was taken: %v", got)
	}
}

// A truncation can't reach beyond what was sent.
func TestTruncateBeyondTheEnd(t *testing.T) {
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		return r.Say(realtimetest.Speech{Text: "Hello.", Audio: make([]byte, 800)})
	}})
	session := dial(t, s)
	if _, err := session.Send(realtime.ResponseCreate{}); err != nil {
		t.Fatal(err)
	}
	var item realtime.ItemID
	for item == "" {
		e, err := session.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := e.(realtime.ResponseDone); ok {
			item = e.Response.Output[0].ID
		}
	}
	for _, ms := range []int{101, 100} {
		if _, err := session.Send(realtime.ItemTruncate{ItemID: item, AudioEndMS: ms}); err != nil {
			t.Fatal(err)
		}
	}
	e, err := session.Receive(t.Context())
	if refused, ok := e.(*realtime.Error); !ok ||
		refused.Message != "audio_end_ms Audio content of 100ms is already shorter than 101ms" {
		t.Errorf("got %#v, %v", e, err)
	}
	e, err = session.Receive(t.Context())
	if cut, ok := e.(realtime.ItemTruncated); !ok || cut.AudioEnd != 100 {
		t.Errorf("got %#v, %v", e, err)
	}
	if f := s.Faults(); len(f) != 1 {
		t.Errorf("faults: %q", f)
	}
	if got := s.Conns()[0].Context(); len(got) != 1 || got[0] != "assistant: (100 ms of audio)" {
		t.Errorf("the model knows %q", got)
	}
}

// frames are so many milliseconds of µ-law in appends of 20 ms.
func frames(b byte, ms int) []string {
	var all []string
	audio := base64.StdEncoding.EncodeToString([]byte(strings.Repeat(string([]byte{b}), 160)))
	for range ms / 20 {
		all = append(all, `{"type":"input_audio_buffer.append","audio":"`+audio+`"}`)
	}
	return all
}
