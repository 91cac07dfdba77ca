package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// bridge is a bridge's end of the agent's socket.
type bridge struct {
	t      *testing.T
	server *evitest.Server
	agent  *agent
	chats  []*evi.Chat
	wg     sync.WaitGroup
}

// withAgent runs f with an agent, and a bridge that it may have a chat with, in virtual
// time.
func withAgent(t *testing.T, f func(*agent, *bridge)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		b := &bridge{t: t}
		b.server = evitest.NewPipeServer("key", func(c *evitest.Conn) { b.agent.serve(c) })
		b.agent = newAgent(ctx, b.server, allLines().callers(), t.Logf)
		f(b.agent, b)
		cancel()
		for _, chat := range b.chats {
			chat.Close(1000)
		}
		b.server.Close()
		b.wg.Wait()
	})
}

// dial opens a chat, and reads all that comes until it is closed.
func (b *bridge) dial() (chat *evi.Chat, heard <-chan evi.Event) {
	b.t.Helper()
	chat, err := evi.Dial(b.t.Context(), &evi.DialOptions{URL: b.server.URL(), APIKey: "key", NetDialContext: b.server.DialContext,
		Settings: &evi.ConnectSettings{Audio: evi.Linear16(media.Rate)}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.chats = append(b.chats, chat)
	events := make(chan evi.Event, 1000)
	b.wg.Go(func() {
		defer close(events)
		for {
			ev, err := chat.Receive(b.t.Context())
			if err != nil {
				return
			}
			events <- ev
		}
	})
	return chat, events
}

// send sends sound at the speed of sound, beside what else goes on, until the chat is over.
func (b *bridge) send(chat *evi.Chat, pcm []int16) {
	b.wg.Go(func() {
		tick := time.NewTicker(frameTime)
		defer tick.Stop()
		for ; len(pcm) >= frame; pcm = pcm[frame:] {
			<-tick.C
			var linear []byte
			for _, v := range pcm[:frame] {
				linear = append(linear, byte(v), byte(v>>8))
			}
			if chat.SendAudio(linear) != nil {
				return
			}
		}
	})
}

func TestAgentUnderstands(t *testing.T) {
	l := allLines()
	withAgent(t, func(a *agent, b *bridge) {
		chat, heard := b.dial()
		b.send(chat, join(silence(time.Second), l.orderNumber.pcm, silence(time.Second)))
		a.answer()
		a.listen()
		a.say(l.askNumber)
		if a.err != nil {
			t.Fatal(a.err)
		}
		synctest.Wait() // all of it has arrived
		chat.Close(1000)
		said, sound, ended := "", 0, false
		for ev := range heard {
			switch ev := ev.(type) {
			case evi.UserMessage:
				said = ev.Message.Content
			case *evi.AudioOutput:
				sound++
			case evi.AssistantEnd:
				ended = true
			}
		}
		if said != l.orderNumber.text || sound != 22 || !ended {
			t.Errorf("the agent understood %q and said %d pieces of sound (ended: %v), want %q and 22", said, sound, ended, l.orderNumber.text)
		}
	})
}

// The agent stops when it is spoken over, and not before: sound of what it was saying
// still comes for a while, and no further sentence.
func TestAgentIsInterrupted(t *testing.T) {
	l := allLines()
	withAgent(t, func(a *agent, b *bridge) {
		chat, heard := b.dial()
		a.answer()
		began := time.Now()
		b.send(chat, join(silence(3*time.Second), l.readAgain.pcm, silence(time.Second)))
		a.ramble(l.firstVisit...)
		if a.err != nil {
			t.Fatal(a.err)
		}
		if after := a.known().interrupted.Sub(began); after < 3300*time.Millisecond || after > 3600*time.Millisecond {
			t.Errorf("it was interrupted after %v, want 300 ms of speech after 3.1 s of silence", after)
		}
		a.listen()
		synctest.Wait()
		chat.Close(1000)
		late, sentences := 0, 0
		interrupted := false
		for ev := range heard {
			switch ev.(type) {
			case evi.AssistantMessage:
				sentences++
			case evi.UserInterruption:
				interrupted = true
			case *evi.AudioOutput:
				if interrupted {
					late++
				}
			}
		}
		if !interrupted || sentences != 2 || late < 2 || late > 5 {
			t.Errorf("interrupted: %v; %d sentences, %d late pieces; want 2 and 2 to 5", interrupted, sentences, late)
		}
	})
}

// An agent that insists tells the words and speaks on, until the bridge leaves; and that
// is no fault of its own.
func TestAgentInsists(t *testing.T) {
	l := allLines()
	withAgent(t, func(a *agent, b *bridge) {
		chat, heard := b.dial()
		began := time.Now()
		b.wg.Go(func() {
			time.Sleep(2 * time.Second) // the opening
			b.send(chat, join(silence(time.Second), l.stopCalling.pcm, silence(time.Second)))
		})
		left := make(chan time.Time, 1)
		b.wg.Go(func() {
			for ev := range heard {
				if said, ok := ev.(evi.UserMessage); ok && said.Message.Content == l.stopCalling.text {
					chat.Close(1000)
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

func TestAgentGivesUp(t *testing.T) {
	l := allLines()
	for _, tt := range []struct {
		name string
		do   func(*agent, *bridge)
		want string
	}{
		{"nobody calls", func(a *agent, b *bridge) { a.answer() }, "the agent waits for a chat: nothing came for 20s"},
		{"nobody speaks", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.listen()
		}, "the agent listens: nothing came for 20s"},
		{"what is said makes no sense", func(a *agent, b *bridge) {
			chat, _ := b.dial()
			b.send(chat, join(l.goodbye.pcm, silence(time.Second)))
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
			chat, _ := b.dial()
			b.send(chat, join(l.stopCalling.pcm, silence(time.Second)))
			a.answer()
			a.insist(l.firstVisit[1:]...)
		}, "the agent insists: nothing came for 20s"},
		{"the tool is not answered", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.useTool(orderTool, "{}")
			a.awaitTool()
		}, "the agent waits for the tool: nothing came for 20s"},
		{"the tool failed", func(a *agent, b *bridge) {
			chat, _ := b.dial()
			a.answer()
			a.useTool(orderTool, "{}")
			if err := chat.SendToolError(evi.ToolError{ToolCallID: "call-1", Error: "no"}); err != nil {
				b.t.Error(err)
			}
			a.awaitTool()
		}, "the answer is a tool_error"},
		{"another conversation is begun", func(a *agent, b *bridge) {
			b.dial()
			a.answer()
			a.drop()
			if _, err := evi.Dial(b.t.Context(), &evi.DialOptions{URL: b.server.URL(), APIKey: "key", NetDialContext: b.server.DialContext}); err == nil {
				b.t.Error("the first redial is not refused")
			}
			b.dial()
			a.resume()
		}, "the bridge did not name the conversation's chat group"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			withAgent(t, func(a *agent, b *bridge) {
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

// Of two errors, the one that came first is told: the other is that the call is over.
func TestDeparture(t *testing.T) {
	first := errors.New("first")
	cut := fmt.Errorf("the caller waits: %w", errOver)
	for _, tt := range []struct{ caller, agent, want error }{
		{nil, nil, nil},
		{first, nil, first},
		{nil, first, first},
		{first, cut, first},
		{cut, first, first},
		{fmt.Errorf("the caller says: %w", twiliotest.ErrOver), first, first},
		{cut, nil, cut},
	} {
		if got := departure(tt.caller, tt.agent); got != tt.want {
			t.Errorf("departure(%v, %v) is %v, want %v", tt.caller, tt.agent, got, tt.want)
		}
	}
}
