package agent_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// filled is each of some messages with each hostile text in the place of its %, and the hostile documents that
// a voice may send without ending the chat.
func filled(forms ...string) (list []string) {
	for _, in := range hostile.Texts() {
		for _, form := range forms {
			list = append(list, hostile.Fill(form, in.Text))
		}
	}
	for _, in := range append(hostile.JSON(), hostile.Texts()...) {
		if len(in.Text) < 1<<20 {
			list = append(list, in.Text)
		}
	}
	return list
}

// within checks that no event of a call is larger than a message may be.
func within(t *testing.T, ev agent.Event) {
	t.Helper()
	if text := fmt.Sprintf("%+v", ev); len(text) > 100<<10 {
		t.Errorf("an event of %d bytes: %.100q", len(text), text)
	}
}

// Whatever a voice says in its messages, the conversation goes on, on either wire.
func TestHostileEventsOfEVI(t *testing.T) {
	t.Parallel()
	messages := filled(`{"type":"user_message","message":{"role":"user","content":%}}`, `{"type":"user_message","message":{"role":"user","content":"x"},"models":{"prosody":{"scores":{%:0.5}}}}`,
		`{"type":"assistant_message","id":%,"message":{"role":"assistant","content":"Hi."}}`, `{"type":"assistant_message","id":"a","message":{"role":"assistant","content":%}}`,
		`{"type":"assistant_prosody","id":%,"models":{"prosody":{"scores":{"Calmness":1e300}}}}`, `{"type":"audio_output","id":"a","index":0,"data":%}`, `{"type":"audio_output","id":%,"index":0,"data":"UklGRg=="}`,
		`{"type":"tool_call","tool_call_id":%,"name":"n","parameters":"{}","response_required":true}`, `{"type":"tool_call","tool_call_id":"t","name":%,"parameters":"{}","response_required":true}`,
		`{"type":"tool_call","tool_call_id":"t","name":"n","parameters":%,"response_required":true}`, `{"type":"error","code":%,"slug":"s","message":"m"}`,
		`{"type":"error","code":"E0712","slug":%,"message":"m"}`, `{"type":"error","code":"E0712","slug":"s","message":%}`, `{"type":%}`, `{%:1}`)
	const end = `{"type":"user_message","message":{"role":"user","content":"the end of the test"}}`
	a := play(t, does(func(c *evitest.Conn) error {
		for _, m := range append(messages, end) {
			if err := c.SendText(m); err != nil {
				return err
			}
		}
		return nil
	}))
	for {
		ev := next(t, a)
		within(t, ev)
		if said, ok := ev.(agent.CallerSaid); ok && strings.HasPrefix(said.Text, "the end") {
			return
		}
	}
}

func TestHostileEventsOfRealtime(t *testing.T) {
	t.Parallel()
	messages := filled(`{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":%}`, `{"type":"conversation.item.input_audio_transcription.completed","item_id":%,"transcript":"x"}`,
		`{"type":"conversation.item.input_audio_transcription.delta","item_id":"i","delta":%}`, `{"type":"conversation.item.input_audio_transcription.failed","item_id":"i","error":{"code":%}}`,
		`{"type":"response.created","response":{"id":%}}`, `{"type":"response.output_item.added","response_id":"r","item":{"id":%,"type":"message","role":"assistant"}}`,
		`{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":%}`, `{"type":"response.output_audio_transcript.done","response_id":"r","item_id":"i","transcript":%}`,
		`{"type":"response.function_call_arguments.done","response_id":"r","item_id":"f","call_id":%,"name":"n","arguments":"{}"}`,
		`{"type":"response.function_call_arguments.done","response_id":"r","item_id":"f","call_id":"c","name":%,"arguments":%}`,
		`{"type":"rate_limits.updated","rate_limits":[{"name":%,"remaining":-1,"reset_seconds":1e300}]}`,
		`{"type":"error","error":{"type":"weather","code":%,"message":"m"}}`, `{"type":"error","error":{"type":"weather","code":"x","message":%}}`, `{"type":%}`, `{%:1}`)
	s := speaks(t, realtimetest.Config{})
	a := talk(t, s, listens, agent.Session{})
	c := s.Conns()[0]
	go func() {
		for _, m := range messages {
			_ = c.SendText(strings.ReplaceAll(m, `:%}`, `:"{}"}`)) // the second gap of a message
		}
		c.Fail("weather", "the_end_of_the_test", "")
	}()
	for {
		ev := next(t, a)
		within(t, ev)
		if failed, ok := ev.(agent.Failed); ok && failed.Code == "the_end_of_the_test" {
			return
		}
	}
}
