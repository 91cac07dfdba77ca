package agent_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
)

// What an agent is told, and what EVI gets of it.
func TestSends(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		send func(agent.Agent) error
		want evitest.Step
	}{
		{"say", func(a agent.Agent) error { return a.Say("Hello.") }, evitest.Expect("assistant_input", evitest.Fields{"text": "Hello."})},
		{"a turn", func(a agent.Agent) error { return a.SendTurn("key 5") }, evitest.Expect("user_input", evitest.Fields{"text": "key 5"})},
		{"an answer", func(a agent.Agent) error {
			return a.AnswerTool(agent.ToolAnswer{ID: "t1", Name: "order_status", Content: "on its way"})
		}, evitest.Expect("tool_response", evitest.Fields{"tool_call_id": "t1", "tool_name": "order_status", "content": "on its way"})},
		{"an error", func(a agent.Agent) error {
			return a.AnswerTool(agent.ToolAnswer{ID: "t1", Name: "order_status", Content: "It is down.", Error: "503"})
		}, evitest.Expect("tool_error", evitest.Fields{"tool_call_id": "t1", "error": "503", "content": "It is down."})},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := play(t, test.want, does((*evitest.Conn).AssistantEnd))
			if err := test.send(a); err != nil {
				t.Fatal(err)
			}
			if ev := next(t, a); ev != (agent.TurnEnd{}) { // EVI got what it expected
				t.Errorf("got %+v", ev)
			}
		})
	}
}

// The caller's sound reaches EVI as linear16 at the rate that was declared:
// sample for sample at 8 kHz, more of them at others.
func TestSendAudio(t *testing.T) {
	t.Parallel()
	codes := make([]byte, 160)
	for i := range codes {
		codes[i] = byte(i)
	}
	for _, rate := range []int{0, 8000, 16000, 48000} {
		t.Run(fmt.Sprint(rate), func(t *testing.T) {
			t.Parallel()
			got := make(chan []byte, 4)
			s := serve(t, func(c *evitest.Conn) {
				c.Greet("")
				for {
					m, err := c.Receive(context.Background())
					if err != nil {
						return
					}
					got <- m.Audio
				}
			})
			a := dial(t, s, agent.EVI{InputRate: rate}, agent.Session{})
			for range 2 {
				if err := a.SendAudio(codes); err != nil {
					t.Fatal(err)
				}
			}
			pcm := append(<-got, <-got...)
			if rate <= 8000 {
				var want []byte
				for _, v := range media.AppendDecodeULaw(nil, append(codes, codes...)) {
					want = binary.LittleEndian.AppendUint16(want, uint16(v))
				}
				if !bytes.Equal(pcm, want) {
					t.Error("the samples are not those that were said")
				}
				return
			}
			if samples, most := len(pcm)/2, 2*160*rate/8000; samples > most || samples < most-most/5 {
				t.Errorf("%d samples, want nearly %d", samples, most)
			}
		})
	}
}

// Once closed, an agent takes and gives nothing more, and says why.
func TestClosed(t *testing.T) {
	t.Parallel()
	code := make(chan int, 1)
	s := serve(t, func(c *evitest.Conn) {
		c.Greet("")
		<-c.Done()
		code <- c.CloseCode()
	})
	a := dial(t, s, agent.EVI{}, agent.Session{})
	for range 2 {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
	if got := <-code; got != 1000 {
		t.Errorf("EVI is left with %d, want 1000", got)
	}
	for what, err := range map[string]error{
		"audio": a.SendAudio(make([]byte, 160)), "say": a.Say("x"), "tell": a.SendTurn("x"), "answer": a.AnswerTool(agent.ToolAnswer{ID: "t"}),
	} {
		if !errors.Is(err, evi.ErrClosed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var lost *agent.LostError
	if _, err := a.Receive(limited(t)); !errors.As(err, &lost) || lost.Ended || !errors.Is(err, evi.ErrClosed) {
		t.Errorf("receive: %v", err)
	}
}
