package demo

import (
	"strings"
	"testing"
	"time"

	voices "github.com/patchcord/patchcord/agent"
)

func TestAgentUnderstands(t *testing.T) {
	l := allLines()
	withAgent(t, func(t *testing.T, a *agent, b *bridge) {
		bot, events := b.dial()
		b.send(bot, join(silence(time.Second), l.orderNumber.pcm, silence(time.Second)))
		a.answer()
		a.listen()
		a.say(l.askNumber)
		if a.err != nil {
			t.Fatal(a.err)
		}
		b.leave(bot)
		said, ended := "", false
		var sound []byte
		for ev := range events {
			switch ev := ev.(type) {
			case voices.CallerSaid:
				said = ev.Text
			case voices.Audio:
				sound = append(sound, ev.ULaw...)
			case voices.TurnEnd:
				ended = true
			}
		}
		if said != l.orderNumber.text || !ended {
			t.Errorf("the agent understood %q (ended: %v), want %q", said, ended, l.orderNumber.text)
		}
		if a.conn.voice() == voiceRealtime && string(sound) != string(l.askNumber.ulaw) {
			t.Errorf("%d bytes of µ-law came, not the %d that were spoken", len(sound), len(l.askNumber.ulaw))
		}
		if n := len(sound) - len(l.askNumber.ulaw); n < -frame || n > frame {
			t.Errorf("%d samples came of %d", len(sound), len(l.askNumber.ulaw))
		}
	})
}

// The agent stops when it is spoken over, and not before: sound of what it was saying
// still comes for a while, and no further sentence.
func TestAgentIsInterrupted(t *testing.T) {
	l := allLines()
	withAgent(t, func(t *testing.T, a *agent, b *bridge) {
		bot, events := b.dial()
		a.answer()
		began := time.Now()
		b.send(bot, join(silence(3*time.Second), l.readAgain.pcm, silence(time.Second)))
		a.ramble(l.firstVisit...)
		if a.err != nil {
			t.Fatal(a.err)
		}
		if after := a.known().interrupted.Sub(began); after < 3300*time.Millisecond || after > 3600*time.Millisecond {
			t.Errorf("it was interrupted after %v, want 300 ms of speech after 3.1 s of silence", after)
		}
		a.listen()
		b.leave(bot)
		late, interrupted, sentences := 0, false, map[string]bool{}
		for ev := range events {
			switch ev := ev.(type) {
			case voices.AgentSaid:
				sentences[ev.Segment] = true
			case voices.Interrupted, voices.CallerSpeaks:
				interrupted = true
			case voices.Audio:
				if interrupted {
					late++
				}
			}
		}
		if !interrupted || len(sentences) != 2 || late < 2 || late > 5 {
			t.Errorf("interrupted: %v; %d sentences, %d late pieces; want 2 and 2 to 5", interrupted, len(sentences), late)
		}
	})
}

// An agent that insists tells the words and speaks on, until the bridge leaves; and that
// is no fault of its own.
func TestAgentInsists(t *testing.T) {
	l := allLines()
	withAgent(t, func(t *testing.T, a *agent, b *bridge) {
		bot, events := b.dial()
		began := time.Now()
		b.wg.Go(func() {
			time.Sleep(2 * time.Second) // the opening, in virtual time
			b.send(bot, join(silence(time.Second), l.stopCalling.pcm, silence(time.Second)))
		})
		left := make(chan time.Time, 1)
		b.wg.Go(func() {
			for ev := range events {
				if said, ok := ev.(voices.CallerSaid); ok && said.Text == l.stopCalling.text {
					bot.Close()
					left <- time.Now()
				}
			}
		})
		a.answer()
		a.hearLine()
		if waited := time.Since(began); waited < 2*time.Second || waited > 2100*time.Millisecond {
			t.Errorf("it began to speak after %v, want 2 s of silence", waited)
		}
		a.insist(l.firstVisit...)
		if a.err != nil {
			t.Fatal(a.err)
		}
		f := a.known()
		if len(f.understood) != 1 || f.told.After(<-left) || len(f.replies) != 2 || !f.interrupted.IsZero() {
			t.Errorf("it understood %d lines and began %d sentences, interrupted at %v", len(f.understood), len(f.replies), f.interrupted)
		}
	})
}

// The agent's tool is answered once, and it goes on in a turn of its own.
func TestAgentUsesTool(t *testing.T) {
	l := allLines()
	for _, failed := range []bool{false, true} {
		withAgent(t, func(t *testing.T, a *agent, b *bridge) {
			bot, events := b.dial()
			b.wg.Go(func() {
				for ev := range events {
					if call, ok := ev.(voices.ToolCall); ok {
						answer := voices.ToolAnswer{ID: call.ID, Name: call.Name, Content: "Tuesday"}
						if failed {
							answer.Error = "no"
						}
						if call.Name != orderTool || call.Arguments != `{"order_id":"A17"}` {
							t.Errorf("%s was called with %s", call.Name, call.Arguments)
						}
						if err := bot.AnswerTool(answer); err != nil {
							t.Error(err)
						}
					}
				}
			})
			a.answer()
			a.useTool(orderTool, `{"order_id":"A17"}`)
			a.speak(l.lookingUp)
			a.awaitTool()
			a.say(l.orderStatus)
			switch want := "the answer is an error"; {
			case failed && (a.err == nil || !strings.Contains(a.err.Error(), want)):
				t.Errorf("the error is %v, want %q", a.err, want)
			case !failed && a.err != nil:
				t.Error(a.err)
			}
			if n := len(a.known().answered); n != 1 {
				t.Errorf("it was answered %d times", n)
			}
		})
	}
}

func TestAgentGivesUp(t *testing.T) {
	l := allLines()
	for _, tt := range []struct {
		name string
		do   func(*agent, *bridge)
		want string
	}{
		{"nobody calls", func(a *agent, b *bridge) { a.answer() }, "the agent waits for the bridge: nothing came for 20s"},
		{"nobody speaks", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.listen()
		}, "the agent listens: nothing came for 20s"},
		{"what is said makes no sense", func(a *agent, b *bridge) {
			bot, _ := b.dial()
			b.send(bot, join(l.goodbye.pcm, silence(time.Second)))
			a.answer()
			a.listen()
		}, "the caller's words number 1 are none that it knows"},
		{"nobody interrupts", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.ramble(l.firstVisit...)
		}, "the agent speaks and is not interrupted: nothing came for 20s"},
		{"the line is never opened", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.hearLine()
		}, "the agent waits for the line: nothing came for 20s"},
		{"the bridge lets it insist", func(a *agent, b *bridge) {
			bot, _ := b.dial()
			b.send(bot, join(l.stopCalling.pcm, silence(time.Second)))
			a.answer()
			a.insist(l.firstVisit[1:]...)
		}, "the agent insists: nothing came for 20s"},
		{"the tool is not answered", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.useTool(orderTool, "{}")
			a.awaitTool()
		}, "the agent waits for the tool: nothing came for 20s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			withAgent(t, func(t *testing.T, a *agent, b *bridge) {
				tt.do(a, b)
				if a.err == nil || !strings.Contains(a.err.Error(), tt.want) {
					t.Errorf("the error is %v, want %q", a.err, tt.want)
				}
				before := a.err
				a.say(l.goodbye)
				if a.err != before || len(a.known().replies) > len(l.firstVisit) {
					t.Errorf("it goes on after an error: %v", a.err)
				}
			})
		})
	}
}
