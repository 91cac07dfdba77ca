package call_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// forgets is a voice that can't resume a conversation, with a tool that waits.
func forgets(t *testing.T) func(*bubble, *call.Config, *call.Profile) {
	return func(b *bubble, _ *call.Config, p *call.Profile) {
		b.agents.Forgets = true
		p.Tools = toolSet(t, tools.Config{}, waits(t, "slow"))
		p.Builtins = []string{builtin.TakeMessage}
	}
}

// remembered is what an agent was given, once and ahead of all else.
func (b *bubble) remembered(p *call.Puppet) agent.Memory {
	b.Helper()
	synctest.Wait()
	all, first := p.Remembers()
	if len(all) != 1 || !first {
		b.Fatalf("it was given a memory %d times, ahead of all else: %t", len(all), first)
	}
	return all[0]
}

// turns compares memories but for their times.
func (b *bubble) turns(p *call.Puppet, want ...agent.Turn) {
	b.Helper()
	got := b.remembered(p)
	if diff := cmp.Diff(want, got.Turns, cmpopts.IgnoreFields(agent.Turn{}, "At")); diff != "" {
		b.Errorf("-want +got:\n%s", diff)
	}
}

// An agent that can't resume is given the conversation as the caller had it, before any sound:
// what was said, how far it was heard, tools as pairs. A tool that still runs is answered to
// the next agent, with its arguments.
func TestNextAgentRemembers(t *testing.T) {
	openBubble(t, forgets(t), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "How can I help?", sound(500*time.Millisecond, 1))
		b.pass(time.Second)
		p.Events <- agent.CallerSaid{Text: "I am", Interim: true}
		p.Events <- agent.CallerSaid{Text: "I am Dana, call me back."}
		p.Events <- agent.ToolCall{ID: "one", Name: "take_message", Arguments: `{"message":"Call Dana"}`, WantAnswer: true}
		p.Events <- agent.ToolCall{ID: "two", Name: "slow", Arguments: `{"ms":3000}`, WantAnswer: true}
		b.pass(100 * time.Millisecond)
		speaks(p, "b", "We open at nine in the morning and close at five.", sound(4*time.Second, 2))
		b.pass(2 * time.Second)
		p.Events <- agent.Interrupted{}
		p.Events <- agent.CallerSaid{Text: "And on Sunday?"}
		b.pass(300 * time.Millisecond)
		speaks(p, "c", "Never heard.", sound(time.Second, 3))
		p.Events <- agent.Interrupted{}
		synctest.Wait()
		first := p.Answers()
		if err := c.Press("7"); err != nil {
			b.Fatal(err)
		}
		c.Speak(sound(time.Second, 20))
		b.pass(100 * time.Millisecond)
		b.agents.Answers <- nil
		p.Leave(errLost)
		next := <-b.agents.Dialled
		b.turns(next,
			agent.Turn{By: agent.ByAgent, Text: "How can I help?"},
			agent.Turn{By: agent.ByCaller, Text: "I am Dana, call me back."},
			agent.Turn{By: agent.ByAgent, Tool: &agent.ToolTurn{ID: "one", Name: "take_message", Arguments: `{"message":"Call Dana"}`, Result: first[0].Content}},
			agent.Turn{By: agent.ByAgent, Tool: &agent.ToolTurn{ID: "two", Name: "slow", Arguments: `{"ms":3000}`, Open: true}},
			agent.Turn{By: agent.ByAgent, Text: "We open at nine in the", Cut: true},
			agent.Turn{By: agent.ByCaller, Text: "And on Sunday?"})
		b.pass(2 * time.Second)
		if told := next.Told(); len(told) != 1 || told[0] != "The caller pressed the key 7." {
			b.Errorf("it was told %q", told)
		}
		answers := next.Answers()
		if len(answers) != 1 || answers[0].ID != "two" || answers[0].Name != "slow" || answers[0].Arguments != `{"ms":3000}` {
			b.Errorf("the answers are %+v", answers)
		}
		c.HangUp()
	})
}

// Who breaks while it speaks has said what came of it: that is still heard.
func TestNextAgentRemembersHalfASentence(t *testing.T) {
	openBubble(t, forgets(t), func(b *bubble) {
		c, p := b.connected()
		p.Events <- agent.AgentSaid{Segment: "a", Text: "We open at nine in the morning and close at five."}
		p.Events <- agent.Audio{Segment: "a", ULaw: sound(1500*time.Millisecond, 1)}
		p.Events <- agent.AgentSaid{Segment: "b", Text: "No sound of it came."}
		b.pass(300 * time.Millisecond)
		b.agents.Answers <- nil
		p.Leave(errLost)
		b.turns(<-b.agents.Dialled, agent.Turn{By: agent.ByAgent, Text: "We open at nine in the", Cut: true})
		c.HangUp()
	})
}

// An agent that resumes knows; one of which nothing was said before has nothing to remember,
// and an opening that was played before it came is no talk.
func TestNothingToRemember(t *testing.T) {
	for _, tt := range []struct {
		name    string
		forgets bool
		text    string
	}{{"resumed", false, "Hello."}, {"nothing said", true, ""}} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, opening(time.Second), func(b *bubble) {
				b.agents.Forgets = tt.forgets
				c := b.dial()
				b.pass(1500 * time.Millisecond)
				b.agents.Answers <- nil
				p := <-b.agents.Dialled
				if tt.text != "" {
					speaks(p, "a", tt.text, sound(500*time.Millisecond, 1))
				}
				b.pass(time.Second)
				if all, _ := p.Remembers(); len(all) != 0 {
					b.Errorf("the first was given %+v", all)
				}
				if tt.text == "" { // the opening alone
					c.HangUp()
					return
				}
				b.agents.Answers <- nil
				p.Leave(errLost)
				next := <-b.agents.Dialled
				b.pass(time.Second)
				if all, _ := next.Remembers(); len(all) != 0 {
					b.Errorf("the next was given %+v", all)
				}
				c.HangUp()
			})
		})
	}
}

// An agent that doesn't take the memory is lost, and the next one gets it.
func TestMemoryThatIsNotTaken(t *testing.T) {
	openBubble(t, forgets(t), func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Hello.", sound(500*time.Millisecond, 1))
		b.pass(time.Second)
		b.agents.Deaf = 1
		b.agents.Answers <- nil
		b.agents.Answers <- nil
		p.Leave(errLost)
		deaf, next := <-b.agents.Dialled, <-b.agents.Dialled
		b.turns(next, agent.Turn{By: agent.ByAgent, Text: "Hello."})
		b.pass(2 * time.Second)
		<-deaf.Closed()
		speaks(next, "b", "Here I am.", sound(500*time.Millisecond, 2))
		b.pass(time.Second)
		if count(c.Heard(), 2) != 500*time.Millisecond {
			b.Error("the next agent isn't heard")
		}
		c.HangUp()
	})
}

// A planned replacement, and one on another stream, remember likewise.
func TestMemoryOutlivesAgentsAndStreams(t *testing.T) {
	for name, leave := range map[string]func(*bubble, *twiliotest.Call){
		"before the wire's limit": func(b *bubble, _ *twiliotest.Call) { b.pass(30 * time.Second) },
		"on another stream":       func(_ *bubble, c *twiliotest.Call) { c.CutStream() },
	} {
		t.Run(name, func(t *testing.T) {
			openBubble(t, forgets(t), func(b *bubble) {
				b.agents.Lifetime = 30 * time.Second
				c, p := b.connected()
				speaks(p, "a", "Hello.", sound(500*time.Millisecond, 1))
				p.Events <- agent.CallerSaid{Text: "I am Dana."}
				b.pass(time.Second)
				b.agents.Answers <- nil
				leave(b, c)
				next := <-b.agents.Dialled
				b.turns(next, agent.Turn{By: agent.ByAgent, Text: "Hello."}, agent.Turn{By: agent.ByCaller, Text: "I am Dana."})
				speaks(next, "b", "Hello, Dana.", sound(500*time.Millisecond, 1))
				b.pass(time.Second)
				b.agents.Answers <- nil
				next.Leave(errLost)
				b.turns(<-b.agents.Dialled, agent.Turn{By: agent.ByAgent, Text: "Hello."}, agent.Turn{By: agent.ByCaller, Text: "I am Dana."},
					agent.Turn{By: agent.ByAgent, Text: "Hello, Dana."})
				c.HangUp()
			})
		})
	}
}

// An instance that goes on with a call reads in the log what was said.
func TestMemoryAcrossInstances(t *testing.T) {
	agents := map[string]*call.Puppets{"one": call.NewPuppets(), "two": call.NewPuppets()}
	for _, d := range agents {
		d.Forgets = true
		for range 3 {
			d.Answers <- nil
		}
	}
	p := newPair(t, func(c *call.Config, profile *call.Profile) {
		profile.Voices = []*call.Voice{call.NewVoice("evi", agents[c.Instance])}
	})
	c, err := p.phone.Dial(p.one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	first := <-agents["one"].Dialled
	speaks(first, "a", "How can I help?", sound(200*time.Millisecond, 1))
	first.Events <- agent.CallerSaid{Text: "I am Dana."}
	p.one.until("it is heard", func() bool {
		e := entries(p.one.now(c), calllog.KindAgent)
		return len(e) == 1 && e[0].Heard == calllog.HeardFull
	})
	c.CutStream()
	next := <-agents["two"].Dialled
	p.two.until("it is told", func() bool { all, _ := next.Remembers(); return len(all) == 1 })
	all, ahead := next.Remembers()
	want := []agent.Turn{{By: agent.ByAgent, Text: "How can I help?"}, {By: agent.ByCaller, Text: "I am Dana."}}
	if diff := cmp.Diff(want, all[0].Turns, cmpopts.IgnoreFields(agent.Turn{}, "At")); diff != "" || !ahead {
		t.Errorf("ahead of all else: %t; -want +got:\n%s", ahead, diff)
	}
}

// What nobody may keep is not remembered either.
func TestMemoryOfAPause(t *testing.T) {
	folder := recording.NewFolder(t.TempDir())
	inBubble(t, recorded(folder), func(b *bubble) {
		b.agents.Forgets = true
		c, p := b.connected()
		p.Events <- agent.CallerSaid{Text: "I want to pay."}
		p.Events <- agent.ToolCall{ID: "1", Name: builtin.PauseRecording, Arguments: "{}", WantAnswer: true}
		b.pass(100 * time.Millisecond)
		speaks(p, "a", private, sound(200*time.Millisecond, 1))
		p.Events <- agent.CallerSaid{Text: private}
		p.Events <- agent.ToolCall{ID: "2", Name: "pay", Arguments: `{"card":"` + private + `"}`}
		b.pass(time.Second)
		if err := c.Press("4"); err != nil {
			b.Fatal(err)
		}
		b.pass(time.Second)
		b.agents.Answers <- nil
		p.Leave(errLost)
		m := b.remembered(<-b.agents.Dialled)
		if s := fmt.Sprint(m); strings.Contains(s, private) || strings.Contains(s, "pressed 4") || !strings.Contains(s, "I want to pay.") || len(m.Turns) != 6 {
			b.Errorf("%d turns: %s", len(m.Turns), s)
		}
		c.HangUp()
	})
}

// What was cut by mistake and goes on is heard to its end; cut again, it was heard further.
func TestNextAgentRemembersWhatWentOn(t *testing.T) {
	const hours = "We open at nine in the morning and close at five."
	for name, tt := range map[string]struct {
		again bool
		want  agent.Turn
	}{
		"to its end": {false, agent.Turn{By: agent.ByAgent, Text: hours}},
		"cut again":  {true, agent.Turn{By: agent.ByAgent, Text: "We open at nine in the morning and", Cut: true}},
	} {
		t.Run(name, func(t *testing.T) {
			openBubble(t, forgets(t), func(b *bubble) {
				c, p := b.connected()
				speaks(p, "a", hours, sound(4*time.Second, 1))
				b.pass(time.Second)
				p.Events <- agent.CallerSpeaks{}
				b.pass(300 * time.Millisecond)
				p.Events <- agent.CallerStopped{}
				b.pass(3500 * time.Millisecond) // 1.5 s of them pass until it goes on
				if tt.again {
					p.Events <- agent.Interrupted{}
				}
				synctest.Wait()
				b.agents.Answers <- nil
				p.Leave(errLost)
				m := b.remembered(<-b.agents.Dialled)
				if diff := cmp.Diff(tt.want, m.Turns[0], cmpopts.IgnoreFields(agent.Turn{}, "At")); diff != "" {
					b.Errorf("-want +got:\n%s", diff)
				}
				c.HangUp()
			})
		})
	}
}
