package agent_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// In each dialect a whole conversation: exact words, a turn with a tool, the answer about it, and
// an interruption after which the next answer is heard.
func TestEachDialect(t *testing.T) {
	t.Parallel()
	for _, d := range realtime.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Dialect: d, Model: realtimetest.Answers(
				realtimetest.Turn{realtimetest.Call("order_status", `{"order_id":"A-17"}`)},
				realtimetest.Turn{realtimetest.Talk("It is on its way, and comes on Wednesday.", 20*time.Second)},
				realtimetest.Turn{realtimetest.Speak("Goodbye.", 200*ms)})})
			a := talk(t, s, agent.Realtime{Dialect: d, Model: "a-model", Listens: true, Prompt: "Be brief."},
				agent.Session{Tools: []agent.Tool{{Name: "order_status", Description: "Looks it up.", Schema: []byte(`{"type":"object","properties":{"order_id":{"type":"string"}}}`)}}})
			c := s.Conns()[0]

			if err := a.Say("This call is recorded."); err != nil {
				t.Fatal(err)
			}
			if spoken, _ := until[agent.Spoken](t, a); !spoken.Exact {
				t.Error("the words are not exact")
			}
			if err := a.SendAudio(everyByte(160)); err != nil {
				t.Fatal(err)
			}
			c.Say("Where is my order?")
			if said, _ := until[agent.CallerSaid](t, a); said.Text != "Where is my order?" && !said.Interim {
				t.Errorf("the caller said %+v", said)
			}
			call, _ := until[agent.ToolCall](t, a)
			if call.Name != "order_status" || call.Arguments != `{"order_id":"A-17"}` {
				t.Errorf("got %+v", call)
			}
			if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: call.Name, Content: `{"status":"shipped"}`}); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			sound, _ := until[agent.Audio](t, a)
			if took := time.Since(start); took > 900*ms { // the model has answered the turn, so nothing is waited for
				t.Errorf("the answer about the tool comes after %v", took)
			}
			c.SpeechStarted()
			until[agent.Interrupted](t, a)
			if err := a.Interrupt([]agent.Heard{{Segment: sound.Segment, Played: 20 * ms}}); err != nil {
				t.Fatal(err)
			}
			c.SpeechStopped("Thanks.")
			until[agent.TurnEnd](t, a) // of the canceled one
			_, text, _ := reply(t, a)
			if all := slices.Collect(maps.Values(text)); !slices.Contains(all, "Goodbye.") {
				t.Errorf("the last answer is %q", all)
			}
		})
	}
}
