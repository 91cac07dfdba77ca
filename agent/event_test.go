package agent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
)

// What EVI says, and what it means to a call. After each message EVI ends its
// turn, so that a message that means nothing is seen to mean nothing.
func TestEvents(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		send any // JSON, or a text as it is
		want []agent.Event
	}{
		{"a final transcript", `{"type":"user_message","message":{"role":"user","content":"Hello"},"models":{"prosody":{"scores":{"Joy":0.5}}}}`,
			[]agent.Event{agent.CallerSaid{Text: "Hello", Emotions: map[string]float64{"Joy": 0.5}}}},
		{"an interim one", `{"type":"user_message","interim":true,"message":{"role":"user","content":"Hel"},"models":{"prosody":null}}`,
			[]agent.Event{agent.CallerSaid{Text: "Hel", Interim: true}}},
		{"our own words, repeated", `{"type":"user_message","from_text":true,"message":{"role":"user","content":"key 5"}}`,
			[]agent.Event{agent.CallerSaid{Text: "key 5", Typed: true}}},
		{"the text of a segment", `{"type":"assistant_message","id":"a","message":{"role":"assistant","content":"Hi."},"models":{"prosody":{"scores":{"Joy":0.1}}}}`,
			[]agent.Event{agent.AgentSaid{Segment: "a", Text: "Hi.", Emotions: map[string]float64{"Joy": 0.1}}}},
		{"the text of one that was asked for", `{"type":"assistant_message","id":"a","from_text":true,"message":{"role":"assistant","content":"Hi."}}`,
			[]agent.Event{agent.AgentSaid{Segment: "a", Text: "Hi.", Asked: true}, agent.Spoken{Exact: true}}},
		{"the tone of its voice", `{"type":"assistant_prosody","id":"a","models":{"prosody":{"scores":{"Calmness":0.9}}}}`,
			[]agent.Event{agent.AgentFelt{Segment: "a", Emotions: map[string]float64{"Calmness": 0.9}}}},
		{"an interruption", `{"type":"user_interruption","time":1732270000000}`, []agent.Event{agent.Interrupted{}}},
		{"a tool call", `{"type":"tool_call","tool_call_id":"t1","name":"order_status","parameters":"{\"id\":7}","response_required":true,"tool_type":"function"}`,
			[]agent.Event{agent.ToolCall{ID: "t1", Name: "order_status", Arguments: `{"id":7}`, WantAnswer: true}}},
		{"one that wants no answer", `{"type":"tool_call","tool_call_id":"t2","name":"note","parameters":"{}","response_required":false,"tool_type":"function"}`,
			[]agent.Event{agent.ToolCall{ID: "t2", Name: "note", Arguments: `{}`}}},
		{"one that EVI runs itself", `{"type":"tool_call","tool_call_id":"t3","name":"hang_up","parameters":"{}","response_required":false,"tool_type":"builtin"}`, nil},
		{"an error that it survives", `{"type":"error","code":"E0712","slug":"custom_language_model_timed_out","message":"too slow"}`,
			[]agent.Event{agent.Failed{Code: "E0712", Slug: "custom_language_model_timed_out", Message: "too slow"}}},
		{"something new", `{"type":"something_new","of":"Hume"}`, []agent.Event{agent.Ignored{Type: "something_new"}}},
		{"no JSON", `{`, []agent.Event{agent.Ignored{Broken: true}}},
		{"audio that is none", `{"type":"audio_output","id":"a","index":0,"data":"UklGRgAAAABXQVZFZm10IAAAAAA="}`, // a WAV whose format is empty
			[]agent.Event{agent.Ignored{Type: "audio_output", Broken: true}, agent.SegmentEnd{Segment: "a"}}},
		{"audio that is not base64", `{"type":"audio_output","id":"a","index":0,"data":"!"}`, []agent.Event{agent.Ignored{Broken: true}}},
		{"settings that it took", `{"type":"session_settings","system_prompt":"x"}`, nil},
		{"the answer of a tool of its own", `{"type":"tool_response","tool_call_id":"t3","content":"ok","tool_type":"builtin"}`, nil},
		{"and its failure", `{"type":"tool_error","tool_call_id":"t3","error":"no","tool_type":"builtin"}`, nil},
		{"who it is, once more", `{"type":"chat_metadata","chat_id":"x","chat_group_id":"y"}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := play(t, evitest.Send(test.send), does((*evitest.Conn).AssistantEnd))
			for _, want := range append(test.want, agent.TurnEnd{}) {
				if diff := cmp.Diff(want, next(t, a)); diff != "" {
					t.Errorf("want -, got +:\n%s", diff)
				}
			}
		})
	}
}

// A conversation is named as EVI names it.
func TestChat(t *testing.T) {
	t.Parallel()
	ids := make(chan agent.Chat, 1)
	a := dial(t, serve(t, func(c *evitest.Conn) {
		ids <- agent.Chat{ID: c.ChatID, Group: "the group"}
		c.Greet("the group")
		<-c.Done()
	}), agent.EVI{}, agent.Session{})
	got, want := a.Chat(), <-ids
	want.Voice, want.Expires = "evi", got.Expires
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
