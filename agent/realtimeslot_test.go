package agent_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// answerTools answers calls as they come, until so many did.
func answerTools(t *testing.T, a agent.Agent, n int, silent bool) {
	t.Helper()
	for range n {
		call, _ := until[agent.ToolCall](t, a)
		if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: call.Name, Arguments: call.Arguments, Content: `{"ok":true}`, Silent: silent}); err != nil {
			t.Fatal(err)
		}
	}
}

// The answers of one response's tools are given at once, and one answer is asked for, when
// the response is over; for silent ones none is.
func TestOneAnswerForAllTools(t *testing.T) {
	t.Parallel()
	for name, silent := range map[string]bool{"loud": false, "silent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goOn := make(chan struct{})
			s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(
				realtimetest.Turn{realtimetest.Speak("Let me look at both.", 300*ms), realtimetest.Call("look.left", `{"a":1}`), realtimetest.Call("look_right", ""),
					func(*realtimetest.Response) error { <-goOn; return nil }},
				realtimetest.Turn{realtimetest.Speak("Left is free.", 300*ms)})})
			a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "look.left"}, {Name: "look_right"}}})
			hello(t, a)
			answerTools(t, a, 2, silent)
			c := s.Conns()[0]
			want := "[user: Hello. create output call_sess_1_13 {\"ok\":true} output call_sess_1_20 {\"ok\":true}]"
			if got := awaits(t, c, 4, asks...); len(got) != 4 || got[3][:6] != "output" || got[2][:6] != "output" {
				t.Errorf("got %q, want such as %s", got, want)
			}
			close(goOn)
			if silent {
				if err := a.SendContext("over"); err != nil {
					t.Fatal(err)
				}
				if got := awaits(t, c, 5, asks...); got[4] != "system: over" {
					t.Errorf("got %q", got)
				}
				until[agent.TurnEnd](t, a) // nothing more comes of the reply
				return
			}
			_, text, _ := reply(t, a)
			if fmt.Sprint(len(text)) != "1" || len(journal(c, "response.create")) != 2 {
				t.Errorf("then %q came; asked for by %q", text, journal(c, "response.create"))
			}
		})
	}
}

// A silent answer that comes when its response is over ends the reply, too.
func TestSilentAnswerEndsTheReply(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Call("end_call", "{}")})})
	a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "end_call"}}})
	hello(t, a)
	call, _ := until[agent.ToolCall](t, a)
	c := s.Conns()[0]
	c.Fail("weather", "it_rains", "") // behind the response's end
	until[agent.Failed](t, a)
	if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: "end_call", Content: "Not yet.", Silent: true}); err != nil {
		t.Fatal(err)
	}
	awaits(t, c, 3, asks...)
	c.SpeechStarted()
	_, before := until[agent.CallerSpeaks](t, a)
	if len(all[agent.TurnEnd](before)) != 1 || len(journal(c, "response.create")) != 1 {
		t.Errorf("got %+v after %q", before, journal(c, asks...))
	}
}

// A name that the wire can't carry is another there, and its own here.
func TestNamesOfTools(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Call("calendar_day_2", "{}"), realtimetest.Call("made up", "{}")})})
	a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "calendar_day", Schema: []byte(`{"type":"object"}`)}, {Name: "calendar.day", Description: "A day."}}})
	hello(t, a)
	one, _ := until[agent.ToolCall](t, a)
	two, _ := until[agent.ToolCall](t, a)
	if one.Name != "calendar.day" || two.Name != "made up" || !one.WantAnswer || one.Arguments != "{}" {
		t.Errorf("got %+v, %+v", one, two)
	}
}

// A call that was canceled half-way is not run, and the same call twice is run once.
func TestToolCallsOnce(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{func(r *realtimetest.Response) error {
			return r.CallHalf("refund", `{"amount":"100.00 dollars"}`)
		}},
		realtimetest.Turn{func(r *realtimetest.Response) error {
			id, err := r.CallTool("refund", `{"amount":"10.00 dollars"}`)
			for range 2 {
				_ = r.Conn().Send(map[string]any{"type": "response.output_item.done", "response_id": r.ID, "output_index": 0,
					"item": map[string]any{"id": "again", "type": "function_call", "call_id": id, "name": "refund", "arguments": `{"amount":"10.00 dollars"}`}})
			}
			return err
		}, realtimetest.Speak("Done.", 100*ms)})})
	a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "refund"}}})
	hello(t, a)
	c := s.Conns()[0]
	awaits(t, c, 1, "response.create")
	c.SpeechStarted()
	until[agent.Interrupted](t, a)
	c.SpeechStopped("Ten dollars.")
	call, before := until[agent.ToolCall](t, a)
	_, after := until[agent.Audio](t, a)
	if call.Arguments != `{"amount":"10.00 dollars"}` || len(all[agent.ToolCall](before)) != 0 || len(all[agent.ToolCall](after)) != 0 {
		t.Errorf("got %+v, and %d more", call, len(all[agent.ToolCall](after)))
	}
	for range 2 {
		if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: "refund", Error: "HTTP 500", Content: "Offer a callback."}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.SendContext("over"); err != nil {
		t.Fatal(err)
	}
	got := awaits(t, c, 3, "conversation.item.create")
	if want := "output " + call.ID + ` {"error":"HTTP 500","say":"Offer a callback."}`; len(got) != 3 || got[1] != want {
		t.Errorf("got %q, want %s, once", got, want)
	}
}

// While the caller speaks nothing is asked for: the model answers them by itself, and knows
// the tool's answer then. Only if it doesn't within a second it is asked to.
func TestToolAnswerWhileTheCallerSpeaks(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string]bool{"the model answers": true, "it doesn't": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(
				realtimetest.Turn{realtimetest.Call("look", "{}")}, realtimetest.Turn{realtimetest.Speak("Here it is.", 100*ms)}, realtimetest.Turn{realtimetest.Speak("Twice.", 100*ms)})})
			a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "look"}}})
			hello(t, a)
			call, _ := until[agent.ToolCall](t, a)
			c := s.Conns()[0]
			c.SpeechStarted()
			until[agent.CallerSpeaks](t, a)
			if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: "look", Content: "found"}); err != nil {
				t.Fatal(err)
			}
			if got := awaits(t, c, 3, asks...); len(got) != 3 {
				t.Errorf("an answer is asked for while the caller speaks: %q", got)
			}
			want := 1
			start := time.Now()
			if answers {
				c.SpeechStopped("And now?")
			} else {
				want = 2
				_ = c.Send(map[string]any{"type": "input_audio_buffer.speech_stopped", "item_id": "u", "audio_end_ms": 1})
			}
			_, text, _ := reply(t, a)
			if took := time.Since(start); !answers && took < time.Second {
				t.Errorf("it is asked for after %v", took)
			}
			if got := journal(c, "response.create"); len(got) != want || len(text) != 1 {
				t.Errorf("asked %d times, and %q was said", len(got), text)
			}
		})
	}
}

// A model that begins to answer ahead of the server's word that the caller has stopped has
// answered: the result of its tool is spoken about at once.
func TestToolOfAnAnswerThatBeginsEarly(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{func(r *realtimetest.Response) error {
			return r.Conn().Send(map[string]any{"type": "input_audio_buffer.speech_stopped", "item_id": "u", "audio_end_ms": 1})
		}, realtimetest.Call("look", "{}")},
		realtimetest.Turn{realtimetest.Speak("Here it is.", 100*ms)})})
	a := talk(t, s, listens, agent.Session{Tools: []agent.Tool{{Name: "look"}}})
	c := s.Conns()[0]
	_ = c.Send(map[string]any{"type": "input_audio_buffer.speech_started", "item_id": "u", "audio_start_ms": 0})
	c.Respond()
	call, before := until[agent.ToolCall](t, a)
	if len(all[agent.CallerSpeaks](before)) != 1 || len(all[agent.CallerStopped](before)) != 1 {
		t.Fatalf("before the tool came %+v", before)
	}
	start := time.Now()
	if err := a.AnswerTool(agent.ToolAnswer{ID: call.ID, Name: "look", Content: "found"}); err != nil {
		t.Fatal(err)
	}
	until[agent.Audio](t, a)
	if took := time.Since(start); took > 900*ms {
		t.Errorf("it is spoken about after %v", took)
	}
}

// A request that crosses an answer of the model's own is made again when that is over.
func TestRequestCrossesAnAnswer(t *testing.T) {
	t.Parallel()
	first := make(chan struct{})
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(
		realtimetest.Turn{func(*realtimetest.Response) error { <-first; return nil }, realtimetest.Speak("By itself.", 100*ms)},
		realtimetest.Turn{realtimetest.Speak("Asked for.", 100*ms)})})
	a := talk(t, s, listens, agent.Session{})
	c := s.Conns()[0]
	c.Respond() // the client doesn't read, and so doesn't know
	hello(t, a)
	awaits(t, c, 1, "response.create")
	close(first)
	_, text, _ := reply(t, a)
	for _, words := range text {
		if words != "By itself." && words != "Asked for." {
			t.Errorf("got %q", text)
		}
	}
	if len(text) == 1 {
		_, text, _ = reply(t, a)
	}
	if len(text) == 0 || len(journal(c, "response.create")) != 2 {
		t.Errorf("asked by %q, and %q came", journal(c, "response.create"), text)
	}
}

// Who greets: the agent, once the caller can hear it, unless it is set to wait, or somebody
// has spoken before.
func TestGreeting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		listen bool
		before func(agent.Agent) error
		want   string
	}{
		{"the agent", false, nil, "[create Be brief. The caller is on the line now, and hears you. Speak first.]"},
		{"the caller", true, nil, "[]"},
		{"a key before", false, func(a agent.Agent) error { return a.SendTurn("5") }, "[user: 5 create]"},
		{"after a resume", false, func(a agent.Agent) error {
			return a.Remember(agent.Memory{Turns: []agent.Turn{{By: agent.ByAgent, Text: "Hello."}}})
		}, "[system: This call goes on after a short break on the line. Don't greet again, and don't mention the break unless the caller does. assistant: Hello.]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{})
			a := talk(t, s, agent.Realtime{Listens: test.listen, Prompt: "Be brief."}, agent.Session{})
			c := s.Conns()[0]
			if test.before != nil {
				if err := test.before(a); err != nil {
					t.Fatal(err)
				}
			}
			for range 3 {
				if err := a.SendAudio(everyByte(160)); err != nil {
					t.Fatal(err)
				}
			}
			if err := c.AwaitAudio(limited(t), 480); err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(journal(c, asks...)); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
