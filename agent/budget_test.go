package agent_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// Of sixty messages of 1 MB and then five of 8 MB nothing reaches the call but that they were
// too large, on either wire.
func TestHugeMessages(t *testing.T) {
	t.Parallel()
	const small, large = 60, 5
	send := func(form string, n, bytes int, put func(string) error) error {
		text := fmt.Sprintf(form, strings.Repeat("a", bytes))
		for range n {
			if err := put(text); err != nil {
				return err
			}
		}
		return nil
	}
	check := func(t *testing.T, a agent.Agent, n int) {
		t.Helper()
		for range n {
			if ev := next(t, a); ev != (agent.Over{Budget: agent.BudgetMessage}) {
				t.Fatalf("got %.200v", ev)
			}
		}
	}
	t.Run("evi", func(t *testing.T) {
		t.Parallel()
		const form = `{"type":"user_message","message":{"role":"user","content":"%s"}}`
		a := play(t, does(func(c *evitest.Conn) error { return send(form, small, 1<<20, c.SendText) }),
			does(func(c *evitest.Conn) error { return send(form, large, 8<<20, c.SendText) }), does((*evitest.Conn).AssistantEnd))
		check(t, a, small+large)
		if ev := next(t, a); ev != (agent.TurnEnd{}) {
			t.Errorf("behind them came %.200v", ev)
		}
	})
	t.Run("realtime", func(t *testing.T) {
		t.Parallel()
		const form = `{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":"%s"}`
		s := speaks(t, realtimetest.Config{})
		a := talk(t, s, listens, agent.Session{})
		c := s.Conns()[0]
		for _, batch := range []struct{ n, bytes int }{{small, 1 << 20}, {large, 8 << 20}} {
			if err := send(form, batch.n, batch.bytes, c.SendText); err != nil {
				t.Fatal(err)
			}
			check(t, a, batch.n)
		}
		c.Fail("weather", "it_rains", "")
		if ev, ok := next(t, a).(agent.Failed); !ok {
			t.Errorf("behind them came %.200v", ev)
		}
	})
}

// Words that come in pieces are bounded, too: what goes beyond is not kept, and the call sees
// each time that it is too much.
func TestEndlessWords(t *testing.T) {
	const most = 4 << 10
	piece := strings.Repeat("a", 1000)
	evi := dial(t, serve(t, evitest.Script(does(func(c *evitest.Conn) error {
		for range 3000 {
			err := c.Send(map[string]any{"type": "assistant_message", "id": "a", "message": map[string]any{"role": "assistant", "content": piece}})
			if err != nil {
				return err
			}
		}
		return c.AssistantEnd()
	}))), agent.EVI{Budgets: agent.Budgets{Message: most}}, agent.Session{})
	s := speaks(t, realtimetest.Config{})
	d := listens
	d.Budgets.Message = most
	rt := talk(t, s, d, agent.Session{})
	c := s.Conns()[0]
	go func() {
		for range 3000 {
			_ = c.Send(map[string]any{"type": "conversation.item.input_audio_transcription.delta", "item_id": "i", "delta": piece})
		}
		c.Fail("weather", "it_rains", "")
	}()
	for name, a := range map[string]agent.Agent{"evi": evi, "realtime": rt} {
		longest, n := 0, 0
		for done := false; !done; n++ {
			switch ev := next(t, a).(type) {
			case agent.AgentSaid:
				longest = max(longest, len(ev.Text))
			case agent.CallerSaid:
				longest = max(longest, len(ev.Text))
			case agent.TurnEnd, agent.Failed:
				done = true
			}
		}
		if longest <= most || longest > most+1100 || n < 3000 {
			t.Errorf("%s: the longest of %d texts has %d bytes", name, n, longest)
		}
	}
}

// The end of an answer that is too large to read is its end all the same: the next one is
// asked for.
func TestHugeEndOfAnAnswer(t *testing.T) {
	t.Parallel()
	s := speaks(t, realtimetest.Config{Model: realtimetest.Answers(realtimetest.Turn{realtimetest.Speak("Hello.", 100*ms),
		func(r *realtimetest.Response) error {
			return r.Conn().SendText(fmt.Sprintf(`{"type":"response.done","response":{"id":%q,"status":"completed","output":[{"id":"%s"}]}}`,
				r.ID, strings.Repeat("a", 1<<20)))
		}}, realtimetest.Turn{realtimetest.Speak("And again.", 100*ms)})})
	a := talk(t, s, listens, agent.Session{})
	hello(t, a)
	over, _ := until[agent.Over](t, a)
	if over.Budget != agent.BudgetEcho {
		t.Errorf("got %+v", over)
	}
	if _, before := until[agent.TurnEnd](t, a); len(all[agent.Audio](before)) > 1 {
		t.Errorf("got %+v", before)
	}
}
