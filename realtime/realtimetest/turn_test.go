package realtimetest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// Turns that are heard: they begin when it is loud, and end after the silence that was
// asked for.
func TestListen(t *testing.T) {
	s := start(t, realtimetest.Config{Listen: true,
		Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hello.", 0)})})
	c := ready(t, s)
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{
		"type":"server_vad","silence_duration_ms":400,"prefix_padding_ms":0}}}}}`)
	c.until("session.updated")
	c.send(slices.Concat(frames(0xff, 1000), frames(0x90, 40), frames(0xff, 500), frames(0x90, 300), frames(0xff, 380))...)
	if e := c.until("input_audio_buffer.speech_started"); e["audio_start_ms"] != 1640.0 {
		t.Errorf("got %v", e)
	}
	c.send(frames(0xff, 20)...)
	if e := c.until("input_audio_buffer.speech_stopped"); e["audio_end_ms"] != 2240.0 {
		t.Errorf("got %v", e)
	}
	c.until("response.done")
}

// What was heard in a turn may be told by its sound.
func TestTranscribe(t *testing.T) {
	s := start(t, realtimetest.Config{Listen: true, Transcribe: func(turn []byte) string {
		return fmt.Sprint(bytes.Count(turn, []byte{0x90}), " loud bytes of ", len(turn))
	}})
	c := ready(t, s)
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":{"model":"m"},
		"turn_detection":{"type":"server_vad","silence_duration_ms":400}}}}}`)
	c.until("session.updated")
	c.send(slices.Concat(frames(0x90, 300), frames(0xff, 400))...)
	e := c.until("conversation.item.input_audio_transcription.completed")
	if want := "1600 loud bytes of 4800"; e["transcript"] != want { // from where it was found to be speech
		t.Errorf("got %q, want %q", e["transcript"], want)
	}
}

func TestManualTurns(t *testing.T) {
	s := start(t, realtimetest.Config{Listen: true})
	c := ready(t, s)
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":null}}}}`)
	c.until("session.updated")
	c.send(frames(0x90, 200)...)
	c.send(`{"type":"input_audio_buffer.commit"}`)
	if got := compact(c.kinds("conversation.item.done")); got != "i.committed c.added c.done" {
		t.Errorf("got %s", got)
	}
	item := c.retrieveFirst()
	part := item["content"].([]any)[0].(object)
	audio, err := base64.StdEncoding.DecodeString(part["audio"].(string))
	if err != nil || len(audio) != 1600 || part["type"] != "input_audio" {
		t.Errorf("got %d bytes, %v, %v", len(audio), part["type"], err)
	}
}

// retrieveFirst commits more audio, and retrieves the item before it.
func (c client) retrieveFirst() object {
	c.send(`{"type":"input_audio_buffer.append","audio":"`+base64.StdEncoding.EncodeToString(make([]byte, 1600))+`"}`,
		`{"type":"input_audio_buffer.commit"}`)
	id := c.until("input_audio_buffer.committed")["previous_item_id"].(string)
	c.send(`{"type":"conversation.item.retrieve","item_id":"` + id + `"}`)
	return c.until("conversation.item.retrieved")["item"].(object)
}

// Transcripts come when they come: late, in another order, or not at all.
func TestTranscripts(t *testing.T) {
	s := start(t, realtimetest.Config{})
	c := ready(t, s)
	conn := s.Conns()[0]
	first := conn.SpeechStarted()
	conn.SpeechStopped("")
	second := conn.SpeechStarted()
	conn.SpeechStopped("")
	conn.TranscriptionFails(second, "audio_unintelligible")
	conn.Transcribe(first, "Late.")
	for _, want := range []struct{ kind, item string }{
		{"completed", first}, {"completed", second}, {"failed", second}, {"delta", first}, {"completed", first},
	} {
		if e := c.until("conversation.item.input_audio_transcription." + want.kind); e["item_id"] != want.item {
			t.Errorf("%s of %v, want %s", want.kind, e["item_id"], want.item)
		}
	}
	if got := conn.Context(); !slices.Equal(got, []string{"user: Late.", "user: "}) {
		t.Errorf("the model knows %q", got)
	}
	c.send(`{"type":"conversation.item.delete","item_id":"` + second + `"}`)
	c.until("conversation.item.deleted")
	if got := conn.Context(); !slices.Equal(got, []string{"user: Late."}) {
		t.Errorf("the model knows %q", got)
	}
}

// A server may begin to speak by itself, in its own time.
func TestRespond(t *testing.T) {
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		if err := r.Wait(time.Millisecond); err != nil {
			return err
		}
		return r.Text("Are you there?")
	}})
	c := ready(t, s)
	s.Conns()[0].Respond()
	if e := c.until("response.output_text.done"); e["text"] != "Are you there?" {
		t.Errorf("got %v", e)
	}
	c.until("response.done")
}

// In raw mode the handle alone speaks.
func TestRaw(t *testing.T) {
	s := start(t, realtimetest.Config{Raw: true, Handle: func(c *realtimetest.Conn) {
		if err := c.Send(object{"type": "session.created", "session": object{}}); err != nil {
			t.Error(err)
		}
		m, err := c.Receive(t.Context())
		if err != nil || m.Type != "response.create" {
			t.Errorf("got %s, %v", m.Type, err)
		}
	}})
	c := connect(t, s)
	c.send(ask)
	if _, _, err := c.ws.ReadMessage(); !websocket.IsCloseError(err, 1000) {
		t.Errorf("got %v, want the end", err)
	}
}
