package call

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/call/leg/legtest"
)

// Whatever is reported of the caller, in whatever order: a reply is heard in order, without a
// repetition, and all of it if nothing cut it for good; nobody spins, and the call ends only
// if the agent wants it.
func TestFloorProperty(t *testing.T) {
	t.Parallel()
	log := NewWriterTo(t, shelf)
	rapid.Check(t, func(t *rapid.T) {
		h := makeHand(t, log, Limits{}, nil)
		defer h.leave()
		h.answer(nil)
		h.c.profile.Builtins = []string{builtin.EndCall}
		h.c.profile.Interruption = Interruption{NoResume: rapid.Bool().Draw(t, "no resume"), Words: rapid.IntRange(1, 3).Draw(t, "words")}
		replies, turns, ends := 0, 0, 0
		do := func(ev agent.Event) {
			if !h.done {
				h.does(ev)
			}
		}
		reply := func(t *rapid.T) { // each byte is the reply's number, and counts by 10 ms
			if replies == 7 {
				t.Skip("enough")
			}
			replies++
			ulaw := make([]byte, rapid.IntRange(1, 9000).Draw(t, "ms")*leg.BytesPerMS)
			for i := range ulaw {
				ulaw[i] = byte(replies<<5 | i/80%32)
			}
			id := fmt.Sprint(replies)
			do(agent.AgentSaid{Segment: id, Text: "Some words that are spoken."})
			do(agent.Audio{Segment: id, ULaw: ulaw})
			do(agent.SegmentEnd{Segment: id})
			do(agent.TurnEnd{})
		}
		say := func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"mhm", "But", "wait", "What about Friday", "thank you, bye", ""}).Draw(t, "text")
		}
		t.Repeat(map[string]func(*rapid.T){
			"reply": reply,
			"cough": func(t *rapid.T) {
				do(agent.CallerSpeaks{})
				h.pass(legtest.Ms(rapid.IntRange(100, 400).Draw(t, "ms")))
				do(agent.CallerStopped{})
				h.pass(legtest.Ms(rapid.IntRange(1400, 2000).Draw(t, "ms")))
			},
			"speaks":  func(*rapid.T) { do(agent.CallerSpeaks{}) },
			"stops":   func(*rapid.T) { do(agent.CallerStopped{}) },
			"verdict": func(*rapid.T) { do(agent.Interrupted{}) },
			"interim": func(t *rapid.T) { do(agent.CallerSaid{Text: say(t), Interim: true}) },
			"turn":    func(*rapid.T) { turns++; do(agent.CallerTurn{Turn: fmt.Sprint(turns)}) },
			"said": func(t *rapid.T) {
				do(agent.CallerSaid{Turn: fmt.Sprint(rapid.IntRange(max(0, turns-2), turns+1).Draw(t, "turn")), Text: say(t)})
			},
			"end": func(*rapid.T) {
				ends++
				do(agent.ToolCall{ID: fmt.Sprint("end ", ends), Name: builtin.EndCall, Arguments: "{}", WantAnswer: true})
			},
			"marks": func(*rapid.T) { h.heldEar = !h.heldEar },
			"pass":  func(t *rapid.T) { h.pass(legtest.Ms(rapid.IntRange(1, 2500).Draw(t, "ms"))) },
			"": func(t *rapid.T) {
				last, place := byte(0), 0
				if h.done && (ends == 0 || h.out.Reason != AgentEnded) {
					t.Fatalf("the call has ended: %+v", h.out)
				}
				for i, b := range h.ear.Played {
					if reply := b >> 5; i == 0 || h.ear.Played[i-1]>>5 != reply {
						last, place = max(last, reply), 0
						if last != reply {
							t.Fatalf("byte %d: reply %d is heard after reply %d", i, reply, last)
						}
					}
					if want := byte(place / 80 % 32); b&31 != want {
						t.Fatalf("byte %d: want the part %d of reply %d, got %d", i, want, b>>5, b&31)
					}
					place++
				}
			},
		})
	})
}
