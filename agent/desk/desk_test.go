package desk_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/agent/desk"
	"github.com/patchcord/patchcord/media"
)

var allTools = []agent.Tool{{Name: "take_message"}, {Name: "transfer_call"}, {Name: "stop_calling"}}

// caller is somebody at the desk, in virtual time.
type caller struct {
	*testing.T
	agent.Agent

	mu    sync.Mutex
	said  []string         // what the desk said, in order
	calls []agent.ToolCall // what it asked for
	cut   int              // times that it fell silent for the caller
	over  error
}

// take notes an event, or the end; it is false at the end.
func (c *caller) take(ev agent.Event, err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = err
	switch ev := ev.(type) {
	case agent.AgentSaid:
		c.said = append(c.said, ev.Text)
	case agent.ToolCall:
		c.calls = append(c.calls, ev)
	case agent.Interrupted:
		c.cut++
	}
	return err == nil
}

// heard is what was said since it was asked last.
func (c *caller) heard() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := c.said
	c.said = nil
	return said
}

// state is the tool calls, the interruptions, and how it ended.
func (c *caller) state() ([]agent.ToolCall, int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls), c.cut, c.over
}

func at(t *testing.T, tools []agent.Tool, test func(*caller)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		a, err := desk.Dialer{}.Dial(t.Context(), agent.Session{CallSID: "CA1", Tools: tools})
		if err != nil {
			t.Fatal(err)
		}
		c := &caller{T: t, Agent: a}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for more := true; more; {
				more = c.take(a.Receive(context.Background()))
			}
		}()
		synctest.Wait()
		test(c)
		a.Close()
		<-done
	})
}

func (c *caller) pass(d time.Duration) { <-time.After(d); synctest.Wait() }

func (c *caller) press(digits string) {
	c.Helper()
	if err := c.Agent.(agent.Keypad).Press(digits); err != nil {
		c.Fatal(err)
	}
	synctest.Wait()
}

// speaks sends the caller's sound in frames of 20 ms.
func (c *caller) speaks(level int16, d time.Duration) {
	c.Helper()
	frame := media.AppendEncodeULaw(nil, slices.Repeat([]int16{level, -level}, 80))
	for range d / (20 * time.Millisecond) {
		if err := c.SendAudio(frame); err != nil {
			c.Fatal(err)
		}
		c.pass(20 * time.Millisecond)
	}
}

func (c *caller) wantsSaid(sentences ...string) {
	c.Helper()
	if got := strings.Join(c.heard(), " "); got != strings.Join(sentences, " ") {
		c.Errorf("the desk said %q, want %q", got, sentences)
	}
}

const (
	sorry    = "I'm sorry. Nobody can talk with you right now."
	message  = "To leave a message, press one."
	callback = "To be called back at the number you are calling from, press two."
	person   = "To speak with a person, press three."
	stop     = "To stop calls from us, press nine."
	again    = "To hear this again, press zero."
	speak    = "Please leave your message after the tone. When you are done, press any key."
	kept     = "Thank you. A person will listen to your message. Goodbye."
)

// The menu offers what the call can do, and nothing else.
func TestMenu(t *testing.T) {
	for name, test := range map[string]struct {
		tools []agent.Tool
		want  []string
	}{
		"everything":       {allTools, []string{sorry, message, callback, person, stop, again}},
		"messages alone":   {allTools[:1], []string{sorry, message, callback, again}},
		"a transfer alone": {allTools[1:2], []string{sorry, person, again}},
		"nothing":          {nil, []string{sorry, "Goodbye."}},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, test.tools, func(c *caller) { c.wantsSaid(test.want...) })
		})
	}
}

// A key leads to its tool; the menu falls silent for it.
func TestKeys(t *testing.T) {
	for key, want := range map[string]string{"2": "take_message", "3": "transfer_call", "9": "stop_calling"} {
		at(t, allTools, func(c *caller) {
			c.pass(time.Second)
			c.press(key)
			if calls, cut, _ := c.state(); len(calls) != 1 || calls[0].Name != want || !calls[0].WantAnswer || cut != 1 {
				t.Errorf("key %s: calls %+v, cut %d times", key, calls, cut)
			}
			c.press("1") // while the tool runs
			if calls, _, _ := c.state(); len(calls) != 1 {
				t.Errorf("key %s: a key while the tool runs asks for another", key)
			}
		})
	}
}

// A tool that fails leads back to the menu, one that never answers to a goodbye.
func TestToolFails(t *testing.T) {
	at(t, allTools, func(c *caller) {
		c.pass(time.Second)
		c.press("2")
		c.heard()
		c.AnswerTool(agent.ToolAnswer{Name: "take_message", Error: "no disk"})
		synctest.Wait()
		c.wantsSaid("I'm sorry, that did not work.", message, callback, person, stop, again)
		c.press("2")
		c.heard()
		c.pass(11 * time.Second)
		c.wantsSaid("I'm sorry, that did not work.")
		_, _, over := c.state()
		if lost, ok := errors.AsType[*agent.LostError](over); !ok || !lost.Ended {
			t.Errorf("the conversation ends with %v", over)
		}
	})
}

// A message is what was said between the tone and the key, the silence, or the bound.
func TestMessage(t *testing.T) {
	for name, test := range map[string]struct {
		during func(*caller)
		want   time.Duration // of the message; 0 for none
	}{
		"ended by a key":       {func(c *caller) { c.speaks(4000, 3*time.Second); c.press("#") }, 3 * time.Second},
		"ended by silence":     {func(c *caller) { c.speaks(4000, 2*time.Second); c.speaks(20, 6*time.Second) }, 7 * time.Second},
		"as long as it may be": {func(c *caller) { c.speaks(4000, 125*time.Second) }, 2 * time.Minute},
		"nothing was said":     {func(c *caller) { c.speaks(20, 11*time.Second) }, 0},
		"a cough":              {func(c *caller) { c.speaks(4000, 200*time.Millisecond); c.speaks(20, 6*time.Second) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			at(t, allTools, func(c *caller) {
				c.pass(time.Second)
				c.heard()
				c.press("1")
				c.wantsSaid(speak)
				c.speaks(4000, time.Second) // while the prompt plays
				c.press("1")                // they know how it goes
				c.pass(400 * time.Millisecond)
				test.during(c)
				got := time.Duration(len(c.Agent.(agent.MessageTaker).Message())) * time.Second / media.Rate
				calls, _, _ := c.state()
				if (got-test.want).Abs() > 150*time.Millisecond || len(calls) != min(1, int(test.want)) {
					t.Errorf("a message of %v and %d tool calls, want %v", got, len(calls), test.want)
					return
				}
				if test.want == 0 {
					c.wantsSaid(message, callback, person, stop, again)
					return
				}
				c.AnswerTool(agent.ToolAnswer{Name: "take_message", Content: "noted"})
				synctest.Wait()
				c.wantsSaid(kept)
			})
		})
	}
}

// Who hangs up in the middle of a message has left it.
func TestMessageUnfinished(t *testing.T) {
	at(t, allTools, func(c *caller) {
		c.pass(time.Second)
		c.press("1")
		c.press("1")
		c.pass(400 * time.Millisecond)
		c.speaks(4000, 2*time.Second)
		taker := c.Agent.(agent.MessageTaker)
		if got := taker.Message(); len(got) < 15_000 || len(bytes.TrimRight(got, "\xff")) == 0 {
			t.Errorf("%d bytes of a message", len(got))
		}
		if taker.Message() != nil {
			t.Error("a message is given twice")
		}
	})
}

// Nobody at the keypad: the menu is said three times, then the desk hangs up.
func TestNobody(t *testing.T) {
	at(t, allTools[1:2], func(c *caller) {
		c.pass(time.Minute)
		c.wantsSaid(sorry, person, again, "Are you still there?", person, again, "Are you still there?", person, again,
			"I can't hear you, so I'll hang up now. Goodbye.")
		if _, _, over := c.state(); over == nil {
			t.Error("the conversation goes on")
		}
	})
}

// What a call asks an agent to say is said if there is a clip of it; else nobody is told that it was.
func TestSay(t *testing.T) {
	for text, want := range map[string]bool{"Are you still there?": true, "are you still there": true, "This call is recorded.": false} {
		at(t, allTools, func(c *caller) {
			c.heard()
			c.Say(text)
			synctest.Wait()
			if said := c.heard(); (len(said) == 1) != want {
				t.Errorf("%q: said %q", text, said)
			}
		})
	}
}
