package realtimetest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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
