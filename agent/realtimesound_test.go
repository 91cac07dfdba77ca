package agent_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// everyByte is a stretch of µ-law with all of its codes; two of them mean zero, of which a
// codec leaves one.
func everyByte(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i/256)
	}
	return b
}

// reply receives one reply: the sound of each segment, the last text of each, and the order
// of what began and ended.
func reply(t *testing.T, a agent.Agent) (sound map[string][]byte, text map[string]string, order []string) {
	t.Helper()
	sound, text = map[string][]byte{}, map[string]string{}
	_, events := until[agent.TurnEnd](t, a)
	for _, ev := range events {
		switch ev := ev.(type) {
		case agent.Audio:
			if len(sound[ev.Segment]) == 0 {
				order = append(order, "begin "+ev.Segment)
			}
			sound[ev.Segment] = append(sound[ev.Segment], ev.ULaw...)
		case agent.SegmentEnd:
			order = append(order, "end "+ev.Segment)
		case agent.AgentSaid:
			text[ev.Segment] = ev.Text
		}
	}
	return sound, text, order
}

// µ-law passes through in both ways, byte for byte, however the server cuts it.
func TestULawIsUntouched(t *testing.T) {
	t.Parallel()
	sent := everyByte(16_003)
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		return r.Say(realtimetest.Speech{Text: "Noise.", Audio: sent})
	}})
	a := talk(t, s, agent.Realtime{}, agent.Session{})
	caller := everyByte(4000)
	for part := range bytesIn(caller, 160) {
		if err := a.SendAudio(part); err != nil {
			t.Fatal(err)
		}
	}
	sound, text, order := reply(t, a)
	if len(order) != 2 || len(sound) != 1 {
		t.Fatalf("got %v", order)
	}
	for id, got := range sound {
		if !bytes.Equal(got, sent) {
			t.Errorf("%d bytes came of %d, or others", len(got), len(sent))
		}
		if text[id] != "Noise." {
			t.Errorf("the text is %q", text[id])
		}
	}
	if err := s.Conns()[0].AwaitAudio(limited(t), len(caller)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(s.Conns()[0].Heard(), caller) {
		t.Error("the caller's bytes are others")
	}
}

// bytesIn cuts b into pieces.
func bytesIn(b []byte, size int) func(func([]byte) bool) {
	return func(yield func([]byte) bool) {
		for ; len(b) > 0; b = b[min(size, len(b)):] {
			if !yield(b[:min(size, len(b))]) {
				return
			}
		}
	}
}

// Where the dialect has no µ-law, sound is converted in both ways, and none of it is lost.
func TestLinearSound(t *testing.T) {
	t.Parallel()
	for _, d := range []realtime.Dialect{realtime.LocalAI, realtime.HuggingFace, realtime.VLLM, realtime.Speaches} {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Dialect: d, Model: func(r *realtimetest.Response) error {
				return r.Say(realtimetest.Speech{Text: "A tone.", Audio: realtimetest.Tone(realtime.PCM(24000), 440, 400*ms), Sizes: []int{1, 777, 4001}})
			}})
			a := talk(t, s, agent.Realtime{Dialect: d}, agent.Session{})
			caller := media.AppendEncodeULaw(nil, tone(8000, 500*ms))
			if err := a.SendAudio(caller); err != nil {
				t.Fatal(err)
			}
			sound, _, order := reply(t, a)
			if len(order) != 2 {
				t.Fatalf("got %v", order)
			}
			for _, got := range sound {
				if len(got) != 400*8 {
					t.Errorf("%d bytes came, want 3200", len(got))
				}
				if l := loudness(got); math.Abs(l-8000/math.Sqrt2) > 200 {
					t.Errorf("its loudness is %.0f, want 5657", l)
				}
			}
			const enough = 495 * 48 // all but what the filter looks ahead
			if err := s.Conns()[0].AwaitAudio(limited(t), enough); err != nil {
				t.Error(err)
			}
		})
	}
}

// An answer of two items has two segments, each with its own text; sound of an answer that
// is over, or that nobody began, does no harm.
func TestSegmentsOfAnAnswer(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{
		realtimetest.Speak("One.", 300*ms), realtimetest.Speak("Two.", 200*ms),
		func(r *realtimetest.Response) error {
			return r.Conn().Send(map[string]any{"type": "response.output_audio.delta", "event_id": "e", "response_id": r.ID, "item_id": "item_none",
				"output_index": 7, "content_index": 0, "delta": "////"})
		}})})
	a := talk(t, s, agent.Realtime{}, agent.Session{})
	if err := a.SendAudio(everyByte(160)); err != nil {
		t.Fatal(err)
	}
	sound, text, order := reply(t, a)
	var lengths []string
	for _, o := range order {
		var id string
		if n, _ := fmt.Sscanf(o, "begin %s", &id); n == 1 {
			lengths = append(lengths, fmt.Sprintf("%d %q", len(sound[id])/8, text[id]))
		}
	}
	if want := `[300 "One." 200 "Two." 0 ""]`; fmt.Sprint(lengths) != want {
		t.Errorf("got %v, want %s", lengths, want)
	}
	if len(order) != 6 {
		t.Errorf("got %v: each begins once and ends once", order)
	}
}

// An answer in the beta's names, with odd fields and in odd order, is heard all the same.
func TestOddServers(t *testing.T) {
	t.Parallel()
	for _, c := range []realtimetest.Config{{Odd: true}, {Lead: realtimetest.TextAhead}, {Lead: realtimetest.TextBehind, Seed: 7}} {
		c.Model = realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("How can I help you?", time.Second)})
		a := talk(t, speaks(t, c), agent.Realtime{}, agent.Session{})
		if err := a.SendAudio(everyByte(160)); err != nil {
			t.Fatal(err)
		}
		sound, text, _ := reply(t, a)
		for id := range sound {
			if len(sound[id]) != 8000 || text[id] != "How can I help you?" {
				t.Errorf("%+v: %d bytes, %q", c.Lead, len(sound[id]), text[id])
			}
		}
		if len(sound) != 1 {
			t.Errorf("%d segments", len(sound))
		}
	}
}

// Pieces that come after the end of a part, or of the answer, are not heard and not run.
func TestPiecesAfterTheEnd(t *testing.T) {
	t.Parallel()
	delta := func(item, sound string) realtimetest.Step {
		return realtimetest.Send(obj{"type": "response.output_audio.delta", "response_id": "r1", "item_id": item, "output_index": 0, "content_index": 0, "delta": sound})
	}
	end := realtimetest.Send(obj{"type": "response.output_audio.done", "response_id": "r1", "item_id": "a", "output_index": 0, "content_index": 0})
	over := realtimetest.Send(obj{"type": "response.done", "response": obj{"id": "r1", "status": "completed"}})
	begin := realtimetest.Send(obj{"type": "response.created", "response": obj{"id": "r1"}})
	tool := realtimetest.Send(obj{"type": "response.output_item.done", "response_id": "r1", "output_index": 1,
		"item": obj{"id": "f", "type": "function_call", "status": "completed", "call_id": "c", "name": "late", "arguments": "{}"}})
	a := scripted(t, begin, delta("a", "////"), end, delta("a", "AAAA"), end, over, begin, delta("a", "AAAA"), delta("b", "AAAA"), tool, over, realtimetest.Send(`{"type":"end"}`))
	_, events := until[agent.Ignored](t, a)
	want := []agent.Event{agent.Audio{Segment: "a#0", ULaw: []byte{0xff, 0xff, 0xff}}, agent.SegmentEnd{Segment: "a#0"}, agent.TurnEnd{}}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("want -, got +:\n%s", diff)
	}
}

// An answer and exact words that arrive in pieces of each other are two segments, each whole.
func TestInterleavedAnswers(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		words, exact := r.Exact()
		if !exact {
			words = "An answer."
		}
		return r.Say(realtimetest.Speech{Text: words, Audio: bytes.Repeat([]byte{byte(len(words))}, 8000), Sizes: []int{400}, Pace: 20})
	}})
	a := talk(t, s, listens, agent.Session{})
	hello(t, a)
	if err := a.Say("One moment, please."); err != nil {
		t.Fatal(err)
	}
	sound := map[byte]int{}
	for ended := 0; ended < 2; {
		switch ev := next(t, a).(type) {
		case agent.Audio:
			if n := bytes.Count(ev.ULaw, ev.ULaw[:1]); n != len(ev.ULaw) {
				t.Error("a piece has sound of both")
			}
			sound[ev.ULaw[0]] += len(ev.ULaw)
		case agent.SegmentEnd:
			ended++
		}
	}
	if sound[byte(len("An answer."))] != 8000 || sound[byte(len("One moment, please."))] != 8000 {
		t.Errorf("got %v", sound)
	}
}
