package realtimetest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/realtime/realtimetest"
)

const ask = `{"type":"response.create"}`

// The order of the events of an answer, of speech with a tool's call.
func TestOrder(t *testing.T) {
	const said = "r.o_audio_transcript.delta r.o_audio_transcript.delta"
	const heard = "r.o_audio.delta r.o_audio.delta"
	for lead, want := range map[realtimetest.Lead]string{
		realtimetest.TextAhead:  said + " " + heard,
		realtimetest.TextBehind: heard + " " + said,
		realtimetest.TextBeside: "r.o_audio_transcript.delta r.o_audio.delta r.o_audio_transcript.delta r.o_audio.delta",
	} {
		s := start(t, realtimetest.Config{Lead: lead, Model: realtimetest.Answers(realtimetest.Turn{
			func(r *realtimetest.Response) error {
				return r.Say(realtimetest.Speech{Text: "Sure, yes.", Audio: make([]byte, 320), Sizes: []int{160}})
			},
			realtimetest.Call("order_status", `{"order_id":"A-17"}`),
		})})
		c := ready(t, s)
		c.send(ask)
		got := compact(c.kinds("response.done"))
		want = "r.created r.o_item.added c.added r.content_part.added " + want +
			" r.o_audio.done r.o_audio_transcript.done r.content_part.done r.o_item.done c.done" +
			" r.o_item.added c.added r.function_call_arguments.delta r.function_call_arguments.delta " +
			"r.function_call_arguments.done r.o_item.done c.done r.done"
		if got != want {
			t.Errorf("lead %d: got\n%s, want\n%s", lead, got, want)
		}
	}
}

// An interruption cancels the answer; what is on its way comes late.
func TestInterruption(t *testing.T) {
	for late, want := range map[int]int{-1: 0, 0: 2, 20: 20} {
		speaking := make(chan *realtimetest.Response, 1)
		s := start(t, realtimetest.Config{LateDeltas: late, Model: func(r *realtimetest.Response) error {
			speaking <- r
			<-r.Context().Done()
			return r.Say(realtimetest.Speech{Text: "Much too long.", Audio: make([]byte, 16_000), Sizes: []int{160}})
		}})
		c := ready(t, s)
		c.send(ask)
		r := <-speaking
		item := r.Conn().SpeechStarted()
		if e := c.until("input_audio_buffer.speech_started"); e["item_id"] != item {
			t.Errorf("got %v", e)
		}
		n := 0
		for {
			m := c.read()
			if m["type"] == "response.output_audio.delta" {
				n++
			}
			if m["type"] == "response.output_item.done" && m["item"].(object)["status"] != "incomplete" {
				t.Errorf("got %v", m)
			}
			if m["type"] == "response.done" {
				details, _ := m["response"].(object)["status_details"].(object)
				if details["reason"] != "turn_detected" || n != want {
					t.Errorf("%d late deltas, want %d; %v", n, want, details)
				}
				break
			}
		}
	}
}

// A turn's answer waits for the end of the one that it interrupted.
func TestAnswerAfterAnInterruption(t *testing.T) {
	speaking := make(chan struct{}, 2)
	release := make(chan struct{})
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		speaking <- struct{}{}
		<-r.Context().Done()
		<-release
		return realtimetest.ErrInterrupted
	}})
	c := ready(t, s)
	c.send(ask)
	<-speaking
	conn := s.Conns()[0]
	conn.SpeechStarted()
	conn.SpeechStopped("Wait.")
	close(release)
	got := compact(c.kinds("response.done"))
	if !strings.HasSuffix(got,
		"i.speech_started i.speech_stopped i.committed c.added c.done c.input_audio_transcription.delta "+
			"c.input_audio_transcription.completed r.done") {
		t.Errorf("got %s", got)
	}
	if e := c.until("response.created"); e["response"].(object)["status"] != "in_progress" {
		t.Errorf("got %v", e)
	}
	<-speaking
	c.send(`{"type":"response.cancel"}`)
	if e := c.until("response.done")["response"].(object); e["status_details"].(object)["reason"] != "client_cancelled" {
		t.Errorf("got %v", e)
	}
}

// Settings decide what a turn does.
func TestTurnSettings(t *testing.T) {
	started := make(chan struct{}, 1)
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		started <- struct{}{}
		<-r.Context().Done()
		return context.Cause(r.Context())
	}})
	c := ready(t, s)
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{
		"type":"server_vad","create_response":false,"interrupt_response":false},"transcription":null}}}}`)
	c.until("session.updated")
	conn := s.Conns()[0]
	conn.Say("Nobody answers.")
	if got := compact(c.kinds("conversation.item.done")); got != "i.speech_started i.speech_stopped i.committed "+
		"c.added c.done" {
		t.Errorf("got %s", got)
	}
	c.send(ask)
	<-started
	conn.SpeechStarted()
	if got := compact(c.kinds("input_audio_buffer.speech_started")); got != "r.created i.speech_started" {
		t.Errorf("the answer was cancelled: %s", got)
	}
	c.send(`{"type":"response.cancel"}`)
	c.until("response.done")
}

// What is out of band runs beside the conversation, and no voice cancels it.
func TestOutOfBand(t *testing.T) {
	release := make(chan struct{})
	s := start(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		select {
		case <-release:
			words, _ := r.Exact()
			return r.Say(realtimetest.Speech{Text: words, For: time.Second})
		case <-r.Context().Done():
			return realtimetest.ErrInterrupted
		}
	}})
	c := ready(t, s)
	c.send(`{"type":"response.create","response":{"conversation":"none","input":[],"metadata":{"pc":"say"},
		"instructions":"Say exactly |This call is recorded.|"}}`, ask)
	first := c.until("response.created")["response"].(object)
	c.until("response.created")
	s.Conns()[0].SpeechStarted()
	c.until("response.done")
	close(release)
	if e := c.until("response.output_audio_transcript.done"); e["transcript"] != "This call is recorded." {
		t.Errorf("got %v", e)
	}
	done := c.until("response.done")["response"].(object)
	if done["id"] != first["id"] || done["conversation_id"] != nil || done["metadata"].(object)["pc"] != "say" ||
		done["status"] != "completed" {
		t.Errorf("got %v", done)
	}
	if got := s.Conns()[0].Context(); len(got) != 0 {
		t.Errorf("it was written down: %q", got)
	}
}

// Calls: two at once, one that is cut in half, outputs that fit and that don't.
func TestTools(t *testing.T) {
	s := start(t, realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{realtimetest.Call("a", `{"n":1}`), realtimetest.Call("b", `{}`)},
		realtimetest.Turn{func(r *realtimetest.Response) error { return r.CallHalf("c", `{"n":12345}`) }},
	)})
	c := ready(t, s)
	c.send(ask)
	output := c.until("response.done")["response"].(object)["output"].([]any)
	if len(output) != 2 {
		t.Fatalf("got %v", output)
	}
	id := output[1].(object)["call_id"].(string)
	answer := `{"type":"conversation.item.create","item":{"type":"function_call_output","call_id":"` + id + `",
		"output":"ok"}}`
	c.send(answer, answer)
	c.until("conversation.item.done")
	if e := c.until("error")["error"].(object); !strings.Contains(e["message"].(string), "was answered already") {
		t.Errorf("got %v", e)
	}
	c.send(ask)
	c.until("response.function_call_arguments.delta")
	s.Conns()[0].SpeechStarted()
	if e := c.until("response.function_call_arguments.done"); e["arguments"] != `{"n":` {
		t.Errorf("got %v", e)
	}
	if e := c.until("response.output_item.done")["item"].(object); e["status"] != "incomplete" {
		t.Errorf("got %v", e)
	}
}

func TestFailures(t *testing.T) {
	s := start(t, realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{realtimetest.Fails("insufficient_quota", "insufficient_quota")},
		realtimetest.Turn{realtimetest.Speak("Half of", 0), realtimetest.Stops("max_output_tokens")},
		realtimetest.Turn{func(*realtimetest.Response) error { return errors.New("a mistake of the test's") }},
	)})
	c := ready(t, s)
	for _, want := range []string{"failed insufficient_quota <nil>", "incomplete <nil> max_output_tokens",
		"completed <nil> <nil>"} {
		c.send(ask)
		r := c.until("response.done")["response"].(object)
		details, _ := r["status_details"].(object)
		e, _ := details["error"].(object)
		if got := fmt.Sprint(r["status"], " ", e["code"], " ", details["reason"]); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "realtimetest: model: a mistake of the test's") {
		t.Errorf("got %v", err)
	}
}

func TestTextAnswer(t *testing.T) {
	s := start(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Yes, indeed.",
		0)})})
	c := ready(t, s)
	c.send(`{"type":"response.create","response":{"output_modalities":["text"]}}`)
	got := compact(c.kinds("response.done"))
	if got != "r.created r.o_item.added c.added r.content_part.added r.o_text.delta r.o_text.delta r.o_text.done "+
		"r.content_part.done r.o_item.done c.done r.done" {
		t.Errorf("got %s", got)
	}
}

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
