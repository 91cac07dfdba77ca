package agent_test

import (
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// caller is an event about a turn of the caller's.
func caller(kind, item string, more obj) realtimetest.Step {
	o := obj{"type": kind, "item_id": item}
	for k, v := range more {
		o[k] = v
	}
	return realtimetest.Send(o)
}

const (
	buffer = "input_audio_buffer."
	words  = "conversation.item.input_audio_transcription."
)

// The place of a turn is fixed when it ends; its words come before, later, in another order,
// twice, or never. Words so far are told only of a turn that isn't over.
func TestCallersTurns(t *testing.T) {
	t.Parallel()
	delta := func(item, text string) realtimetest.Step { return caller(words+"delta", item, obj{"delta": text}) }
	whole := func(item, text string) realtimetest.Step {
		return caller(words+"completed", item, obj{"transcript": text})
	}
	committed := func(item string) realtimetest.Step { return caller(buffer+"committed", item, nil) }
	for _, test := range []struct {
		name  string
		steps []realtimetest.Step
		want  string
	}{
		{"in order", []realtimetest.Step{caller(buffer+"speech_started", "u1", nil), delta("u1", "Where is"), delta("u1", " it?"), caller(buffer+"speech_stopped", "u1", nil), committed("u1"), whole("u1", "Where is it?")},
			`[speaks interim u1 "Where is" interim u1 "Where is it?" stopped turn u1 said u1 "Where is it?"]`},
		{"late words so far", []realtimetest.Step{committed("u1"), delta("u1", "Where"), delta("u1", " is"), whole("u1", "Where is it?")}, `[turn u1 said u1 "Where is it?"]`},
		{"cumulative words", []realtimetest.Step{caller(words+"updated", "u1", obj{"transcript": "Where"}), caller(words+"updated", "u1", obj{"transcript": "Where is"}), committed("u1")},
			`[interim u1 "Where" interim u1 "Where is" turn u1]`},
		{"out of order", []realtimetest.Step{committed("u1"), committed("u2"), whole("u2", "Two?"), whole("u1", "One?")}, `[turn u1 turn u2 said u2 "Two?" said u1 "One?"]`},
		{"before its place", []realtimetest.Step{whole("u1", "One?"), committed("u1")}, `[turn u1 said u1 "One?"]`},
		{"twice", []realtimetest.Step{committed("u1"), committed("u1"), whole("u1", "One?"), whole("u1", "One?")}, `[turn u1 said u1 "One?"]`},
		{"none", []realtimetest.Step{committed("u1"), whole("u1", "")}, `[turn u1 said u1 ""]`},
		{"not understood", []realtimetest.Step{committed("u1"), caller(words+"failed", "u1", obj{"error": obj{"code": "audio_unintelligible"}})}, `[turn u1 failed u1]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := scripted(t, append(test.steps, realtimetest.Send(`{"type":"over"}`))...)
			_, events := until[agent.Ignored](t, a)
			var got []string
			for _, ev := range events {
				switch ev := ev.(type) {
				case agent.CallerSpeaks:
					got = append(got, "speaks")
				case agent.CallerStopped:
					got = append(got, "stopped")
				case agent.CallerTurn:
					got = append(got, "turn "+ev.Turn)
				case agent.CallerSaid:
					kind := map[bool]string{true: "interim", false: "said"}[ev.Interim]
					if ev.Failed {
						got = append(got, "failed "+ev.Turn)
						continue
					}
					got = append(got, fmt.Sprintf("%s %s %q", kind, ev.Turn, ev.Text))
				default:
					t.Errorf("got %#v", ev)
				}
			}
			if fmt.Sprint(got) != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}
