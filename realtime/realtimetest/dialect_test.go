package realtimetest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// receive receives until an event of type E.
func receive[E realtime.Event](t *testing.T, s *realtime.Session) E {
	t.Helper()
	for {
		e, err := s.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := e.(E); ok {
			return e
		}
	}
}

func send(t *testing.T, s *realtime.Session, e realtime.ClientEvent) {
	t.Helper()
	if _, err := s.Send(e); err != nil {
		t.Fatal(err)
	}
}

// xAI speaks text word for word, goes on with a conversation, and writes down what is
// heard as it grows.
func TestXAI(t *testing.T) {
	s := start(t, realtimetest.Config{Dialect: realtime.XAI})
	resumable := func(o *realtime.DialOptions) {
		o.Resumable = true
		o.Session.Audio.Input.Transcription = realtime.Set(realtime.Transcription{})
	}
	session := dial(t, s, resumable)
	id := receive[realtime.ConversationCreated](t, session).Conversation.ID
	send(t, session, realtime.ItemCreate{Item: realtime.ForceMessage("This call is recorded.", false)})
	if e := receive[realtime.AudioTranscriptDone](t, session); e.Transcript != "This call is recorded." {
		t.Errorf("got %+v", e)
	}
	receive[realtime.ResponseDone](t, session)
	s.Conns()[0].Say("Where is it?")
	var so []string
	for range 3 {
		so = append(so, receive[realtime.TranscriptionUpdated](t, session).Transcript)
	}
	if want := []string{"Where ", "Where is ", "Where is it?"}; !slices.Equal(so, want) {
		t.Errorf("got %q, want %q", so, want)
	}
	receive[realtime.ResponseDone](t, session)
	again := dial(t, s, resumable, func(o *realtime.DialOptions) { o.ResumeConversation = id })
	if got := receive[realtime.ConversationCreated](t, again).Conversation.ID; got != id {
		t.Errorf("conversation %s goes on as %s", id, got)
	}
	want := []string{"assistant: This call is recorded.", "user: Where is it?"}
	if diff := cmp.Diff(want, s.Conns()[1].Context()); diff != "" {
		t.Error(diff)
	}
	if f := s.Faults(); len(f) != 0 {
		t.Errorf("faults: %q", f)
	}
}

// What only one dialect takes is refused by the others.
func TestDialectsRefuse(t *testing.T) {
	for _, test := range []struct {
		dialect         realtime.Dialect
		message, refuse string // "" is not refused
	}{
		{realtime.XAI, `{"type":"session.update","session":{"audio":{"input":{"turn_detection":{"type":"server_vad"}}}}}`,
			"unknown_parameter"},
		{realtime.XAI, `{"type":"session.update","session":{"turn_detection":{"type":"semantic_vad"}}}`, "invalid_value"},
		{realtime.XAI, `{"type":"session.update","session":{"voice":"eve","turn_detection":null}}`, ""},
		{realtime.OpenAI, `{"type":"session.update","session":{"type":"realtime","voice":"eve"}}`, "unknown_parameter"},
		{realtime.OpenAI, `{"type":"conversation.item.create","item":{"type":"force_message","content":[]}}`,
			"invalid_value"},
		{realtime.Speaches, `{"type":"session.update","session":{"modalities":["text"],"input_audio_format":"pcm16",
			"temperature":0.6}}`, ""},
		{realtime.Speaches, `{"type":"session.update","session":{"output_modalities":["text"]}}`, "unknown_parameter"},
		{realtime.HuggingFace, `{"type":"conversation.item.delete","item_id":"x"}`, "invalid_value"},
		{realtime.VLLM, `{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{
			"type":"audio/pcmu"}}}}}`, "invalid_value"},
		{realtime.LocalAI, `{"type":"whatever"}`, ""},
		{realtime.Inworld, `{"type":"session.update","session":{"type":"realtime","model":"openai/x","providerData":{
			"memory":true}}}`, ""},
	} {
		s := start(t, realtimetest.Config{Dialect: test.dialect})
		c := connect(t, s)
		c.send(test.message, `{"type":"input_audio_buffer.clear"}`)
		got := ""
		for {
			m := c.read()
			if m["type"] == "error" {
				got = m["error"].(object)["code"].(string)
			}
			if m["type"] == "input_audio_buffer.cleared" {
				break
			}
		}
		if got != test.refuse {
			t.Errorf("%s: %s: got %q, want %q", test.dialect, test.message, got, test.refuse)
		}
	}
}

// A server of the beta's shape uses its names all over.
func TestBetaNames(t *testing.T) {
	s := start(t, realtimetest.Config{Dialect: realtime.Speaches,
		Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hi.", 0)})})
	c := connect(t, s)
	c.send(`{"type":"session.update","session":{"input_audio_format":"pcm16","voice":"v","turn_detection":null}}`)
	session := c.until("session.updated")["session"].(object)
	if session["input_audio_format"] != "pcm16" || session["voice"] != "v" || session["turn_detection"] != nil ||
		session["audio"] != nil {
		t.Errorf("got %v", session)
	}
	c.send(`{"type":"response.create","response":{}}`)
	got := compact(c.kinds("response.done"))
	for _, want := range []string{"c.created", "r.audio.delta", "r.audio_transcript.done"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	for _, never := range []string{"o_audio", "c.added", "c.done"} {
		if strings.Contains(got, never) {
			t.Errorf("%s in %s", never, got)
		}
	}
}
