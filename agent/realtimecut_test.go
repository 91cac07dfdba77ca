package agent_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// journal is what the client has sent of some types, in order, in the words that matter.
func journal(c *realtimetest.Conn, types ...string) []string {
	var list []string
	for _, m := range c.Journal() {
		for _, kind := range types {
			if m.Type == kind {
				list = append(list, short(m))
			}
		}
	}
	return list
}

// short is an event in a few words.
func short(m realtimetest.Message) string {
	item, _ := m.Fields["item"].(map[string]any)
	switch m.Type {
	case "conversation.item.truncate":
		return fmt.Sprintf("truncate %v", m.Fields["audio_end_ms"])
	case "response.create":
		if r, ok := m.Fields["response"].(map[string]any); ok && r["conversation"] == "none" {
			return "say"
		} else if ok {
			return "create " + strings.ReplaceAll(fmt.Sprint(r["instructions"]), "\n\n", " ")
		}
		return "create"
	case "response.cancel":
		return "cancel"
	case "conversation.item.create":
		if item["type"] == "message" {
			parts, _ := item["content"].([]any)
			part, _ := parts[0].(map[string]any)
			return fmt.Sprintf("%v: %v", item["role"], part["text"])
		}
		if item["type"] == "function_call" {
			return fmt.Sprintf("call %v %v %v", item["call_id"], item["name"], item["arguments"])
		}
		return fmt.Sprintf("output %v %v", item["call_id"], item["output"])
	}
	return m.Type
}

// asks are the types of everything that asks for something.
var asks = []string{"conversation.item.create", "conversation.item.truncate", "response.create", "response.cancel"}

// awaits waits until the client has sent so many events of the types.
func awaits(t *testing.T, c *realtimetest.Conn, n int, types ...string) []string {
	t.Helper()
	ctx := limited(t)
	for {
		list := journal(c, types...)
		if len(list) >= n {
			return list
		}
		if _, err := c.Receive(ctx); err != nil {
			t.Fatalf("%v; so far %q", err, list)
		}
	}
}

// hello makes the server's model begin to speak.
func hello(t *testing.T, a agent.Agent) {
	t.Helper()
	if err := a.SendTurn("Hello."); err != nil {
		t.Fatal(err)
	}
}

// How the server is told how far its answer was heard, after it was all sent: in whole
// milliseconds, never more than came and never less than nothing, and not at all of a part
// that was heard to its end.
func TestTruncate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		played [2]time.Duration // of each part; negative: the part is not in the list
		want   string
	}{
		{"in the first", [2]time.Duration{1480*ms + 900*time.Microsecond, 0}, "[truncate 1480 truncate 0]"},
		{"in the second", [2]time.Duration{-1, 700 * ms}, "[truncate 700]"},
		{"more than came", [2]time.Duration{-1, 9 * time.Second}, "[]"},
		{"one to its end", [2]time.Duration{2000 * ms, 10 * ms}, "[truncate 10]"},
		{"less than nothing", [2]time.Duration{-1, -5}, "[truncate 0]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{
				realtimetest.Speak("The first.", 2*time.Second), realtimetest.Speak("The second.", time.Second)})})
			a := talk(t, s, listens, agent.Session{})
			hello(t, a)
			_, _, order := reply(t, a)
			var heard []agent.Heard
			for i, played := range test.played {
				var id string
				fmt.Sscanf(order[2*i], "begin %s", &id)
				if played > -1 || played < -1 {
					heard = append(heard, agent.Heard{Segment: id, Played: played})
				}
			}
			for range 2 { // the second time there is nothing new
				if err := a.Interrupt(heard); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.SendContext("over"); err != nil {
				t.Fatal(err)
			}
			c := s.Conns()[0]
			awaits(t, c, 2, "conversation.item.create")
			if got := fmt.Sprint(journal(c, "conversation.item.truncate", "response.cancel")); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// An answer that runs is canceled when the call interrupts it, and nothing more of it comes;
// one that the server has canceled by itself is not canceled again.
func TestInterruptWhileItRuns(t *testing.T) {
	t.Parallel()
	for name, bySpeech := range map[string]bool{"by the call": false, "by the caller's voice": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{LateDeltas: 20, Model: realtimetest.Answers(
				realtimetest.Turn{realtimetest.Talk("A long story.", time.Minute)}, realtimetest.Turn{realtimetest.Speak("Yes?", 300*ms)})})
			a := talk(t, s, listens, agent.Session{})
			hello(t, a)
			first, _ := until[agent.Audio](t, a)
			c := s.Conns()[0]
			want := []string{"cancel", "truncate 50"}
			if bySpeech {
				want = want[1:]
				c.SpeechStarted()
				if _, before := until[agent.Interrupted](t, a); len(all[agent.CallerSpeaks](before)) != 1 {
					t.Error("the caller's speech isn't told before the interruption")
				}
			}
			if err := a.Interrupt([]agent.Heard{{Segment: first.Segment, Played: 50 * ms}}); err != nil {
				t.Fatal(err)
			}
			if !bySpeech {
				until[agent.TurnEnd](t, a)
				c.SpeechStarted()
			}
			c.SpeechStopped("Stop.")
			said, before := until[agent.AgentSaid](t, a)
			if said.Text != "Yes?" || len(all[agent.Interrupted](before)) != 0 {
				t.Errorf("then came %+v", said)
			}
			for _, ev := range all[agent.Audio](before) {
				if ev.Segment == first.Segment && !bySpeech { // what was on its way before is the call's to drop
					continue
				}
				if ev.Segment == first.Segment {
					t.Error("late sound of the canceled answer is passed on")
				}
			}
			sound, _, _ := reply(t, a)
			if len(sound[first.Segment]) != 0 {
				t.Error("late sound of the canceled answer is passed on behind the next")
			}
			if got := awaits(t, c, len(want), "conversation.item.truncate", "response.cancel"); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// An answer that was interrupted before anything of it came is never heard, and one that
// begins after the server's own verdict is, although the call acts on the verdict later.
func TestInterruptAndWhatFollows(t *testing.T) {
	t.Parallel()
	begun := make(chan struct{})
	var n atomic.Int32
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		if n.Add(1) == 1 {
			close(begun)
			<-r.Context().Done()
			return r.Say(realtimetest.Speech{Text: "Too late.", For: time.Second})
		}
		return r.Say(realtimetest.Speech{Text: "In time.", For: 300 * ms})
	}})
	a := talk(t, s, listens, agent.Session{})
	hello(t, a)
	<-begun
	c := s.Conns()[0]
	c.SpeechStarted()
	until[agent.Interrupted](t, a)
	c.SpeechStopped("Well?")
	said, _ := until[agent.AgentSaid](t, a)
	if err := a.Interrupt(nil); err != nil { // for the verdict: the call is behind
		t.Fatal(err)
	}
	sound, text, _ := reply(t, a)
	if text[said.Segment] != "In time." || len(sound[said.Segment]) != 300*8 {
		t.Errorf("got %q, %d bytes", text, len(sound[said.Segment]))
	}
	if got := journal(c, "response.cancel", "conversation.item.truncate"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// A truncation that is refused, since the server has less of the sound than we got, is tried
// once more where it says that its sound ends.
func TestTruncateRefused(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{"Audio content of 3700ms is already shorter than 3760ms": "[truncate 3760 truncate 3700]", "It is too long.": "[truncate 3760 truncate 3660]"} {
		s := realtimetest.NewServer(realtimetest.Config{Key: key, Raw: true, Handle: func(c *realtimetest.Conn) {
			for _, text := range []string{
				`{"type":"session.created","session":{"id":"sess_1"}}`,
				`{"type":"session.updated","session":{"id":"sess_1","audio":{"input":{"format":{"type":"audio/pcmu"}},"output":{"format":{"type":"audio/pcmu"}}}}}`,
				`{"type":"response.created","response":{"id":"r1"}}`,
			} {
				_ = c.SendText(text)
			}
			_ = c.Send(map[string]any{"type": "response.output_audio.delta", "response_id": "r1", "item_id": "i1", "output_index": 0, "content_index": 0, "delta": everyByte(5 * 8000)})
			for {
				m, err := c.Receive(t.Context())
				if err != nil {
					return
				}
				if m.Type == "conversation.item.truncate" {
					_ = c.Send(map[string]any{"type": "error", "error": map[string]any{"type": "invalid_request_error", "code": "invalid_value", "message": message, "event_id": m.ID}})
				}
				if len(journal(c, "conversation.item.truncate")) == 3 {
					t.Error("it is truncated a third time")
				}
			}
		}})
		a, err := (&agent.Realtime{URL: s.URL(), APIKey: key, Listens: true}).Dial(limited(t), agent.Session{})
		if err != nil {
			t.Fatal(err)
		}
		until[agent.Audio](t, a)
		if err := a.Interrupt([]agent.Heard{{Segment: "i1#0", Played: 3760 * ms}}); err != nil {
			t.Fatal(err)
		}
		c := s.Conns()[0]
		until[agent.Ignored](t, a) // the refusal of the first
		until[agent.Failed](t, a)  // and of the second, which is told
		if got := fmt.Sprint(journal(c, "conversation.item.truncate")); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		a.Close()
		s.Close()
	}
}

// In a dialect in which a truncation does nothing none is sent, and the call is told so.
func TestWithoutTruncation(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Dialect: realtime.HuggingFace, Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hello.", time.Second)})})
	a := talk(t, s, agent.Realtime{Dialect: realtime.HuggingFace, Listens: true}, agent.Session{})
	hello(t, a)
	_, _, order := reply(t, a)
	var id string
	fmt.Sscanf(order[0], "begin %s", &id)
	if err := a.Interrupt([]agent.Heard{{Segment: id, Played: 10 * ms}}); err != nil {
		t.Fatal(err)
	}
	if a.Chat().Truncates || len(journal(s.Conns()[0], "conversation.item.truncate")) != 0 {
		t.Error("a truncation is sent")
	}
}
