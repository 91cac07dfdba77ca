package agent_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// parrot says what it is asked to say, in these words if there are any.
func parrot(instead string) func(*realtimetest.Response) error {
	return func(r *realtimetest.Response) error {
		words, ok := r.Exact()
		if !ok {
			return nil
		}
		if instead != "" {
			words = instead
		}
		return r.Say(realtimetest.Speech{Text: words, For: 400 * ms})
	}
}

// What was asked for is compared with what was said: case, punctuation and the way digits are
// written don't count, words do. The conversation knows what was said.
func TestSay(t *testing.T) {
	t.Parallel()
	const text = "Press 9, or call 4 1 5, 5 5 5. I'm an A.I. assistant."
	for _, test := range []struct {
		name, instead string
		exact         bool
	}{
		{"in these words", "", true},
		{"written otherwise", "press nine or call 415 555 — I’m an AI Assistant!", true},
		{"in other words", "Press 9, or call us. I'm an AI assistant.", false},
		{"with more", text + " How are you?", false},
		{"with less", "Press 9.", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := speaks(t, realtimetest.Config{Model: parrot(test.instead)})
			a := talk(t, s, listens, agent.Session{})
			if err := a.Say(text); err != nil {
				t.Fatal(err)
			}
			spoken, before := until[agent.Spoken](t, a)
			said := all[agent.AgentSaid](before)
			if spoken.Exact != test.exact || len(said) == 0 || !said[0].Asked || len(all[agent.Audio](before)) == 0 {
				t.Errorf("got %+v after %+v", spoken, said)
			}
			want := test.instead
			if want == "" {
				want = text
			}
			got := awaits(t, s.Conns()[0], 2, asks...)
			if fmt.Sprint(got) != "[say assistant: "+want+"]" {
				t.Errorf("got %q", got)
			}
		})
	}
}

// Two texts are spoken one after the other, and beside them the model's own answer.
func TestSayings(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: parrot("")})
	a := talk(t, s, listens, agent.Session{})
	for _, text := range []string{"One.", "Two | with bars."} {
		if err := a.Say(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"One.", "Two   with bars."} {
		spoken, before := until[agent.Spoken](t, a)
		said := all[agent.AgentSaid](before)
		if !spoken.Exact && want == "One." || len(said) == 0 || said[len(said)-1].Text != want {
			t.Errorf("got %+v after %+v, want %q", spoken, said, want)
		}
	}
}

// The caller's voice does not cut what is said word for word; the call does, and the
// conversation learns how far it was heard.
func TestSayIsCutByTheCallAlone(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		if words, ok := r.Exact(); ok {
			return r.Say(realtimetest.Speech{Text: words, For: 20 * time.Second, Sizes: []int{800}, Pace: 4})
		}
		return nil
	}, Lead: realtimetest.TextAhead})
	a := talk(t, s, listens, agent.Session{})
	if err := a.Say("Thank you for calling Riverbend Dental today."); err != nil {
		t.Fatal(err)
	}
	first, _ := until[agent.Audio](t, a)
	c := s.Conns()[0]
	c.SpeechStarted()
	until[agent.CallerSpeaks](t, a)
	until[agent.Audio](t, a)
	if err := a.Interrupt([]agent.Heard{{Segment: first.Segment, Played: 50 * ms}}); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(awaits(t, c, 3, asks...))
	if !strings.HasPrefix(got, "[say cancel assistant: Thank") || strings.Contains(got, "today") {
		t.Errorf("got %s", got)
	}
}

// xAI speaks an item as it is, without being asked for an answer.
func TestForceMessage(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Dialect: realtime.XAI})
	a := talk(t, s, agent.Realtime{Dialect: realtime.XAI, Listens: true}, agent.Session{})
	if err := a.Say("This call is recorded."); err != nil {
		t.Fatal(err)
	}
	spoken, before := until[agent.Spoken](t, a)
	if said := all[agent.AgentSaid](before); !spoken.Exact || len(said) == 0 || !said[0].Asked {
		t.Errorf("got %+v after %+v", spoken, said)
	}
	if got := journal(s.Conns()[0], "response.create"); len(got) != 0 {
		t.Errorf("got %q", got)
	}
}

// One that fails is asked for once more, and then given up.
func TestSayFails(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error { return r.Fail("server_error", "server_error") }})
	a := talk(t, s, listens, agent.Session{})
	if err := a.Say("Hello."); err != nil {
		t.Fatal(err)
	}
	spoken, _ := until[agent.Spoken](t, a)
	if got := journal(s.Conns()[0], "response.create"); spoken.Exact || len(got) != 2 {
		t.Errorf("got %+v after %q", spoken, got)
	}
}

// An answer that is written, although sound is wanted, is spoken as it is.
func TestWrittenAnswer(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: func(r *realtimetest.Response) error {
		if words, ok := r.Exact(); ok {
			return r.Say(realtimetest.Speech{Text: words, For: 400 * ms})
		}
		return r.Text("It is on its way.")
	}})
	a := talk(t, s, listens, agent.Session{})
	hello(t, a)
	sound, before := until[agent.Audio](t, a)
	said := all[agent.AgentSaid](before)
	if len(sound.ULaw) == 0 || len(said) == 0 || said[0].Asked {
		t.Errorf("got %+v", said)
	}
}
