package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// endsCalls is an agent that may end calls.
func endsCalls(_ *call.Config, p *call.Profile) { p.Builtins = []string{builtin.EndCall} }

var endCall = agent.ToolCall{ID: "t1", Name: builtin.EndCall, Arguments: "{}", WantAnswer: true}

// An agent's goodbye is heard to its end, however early it asks for the end, and
// its tool is answered once, when nothing can be said any more.
func TestEndCallWaitsForTheGoodbye(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Goodbye.", sound(2*time.Second, 1))
		p.Events <- endCall
		b.pass(1900 * time.Millisecond)
		if len(p.Answers()) != 0 {
			b.Errorf("the tool is answered while the goodbye is heard: %v", p.Answers())
		}
		<-c.Done()
		if got := count(c.Heard(), 1); got != 2*time.Second {
			b.Errorf("%v of the goodbye were heard, want all of it", got)
		}
		near(b, "the end", time.Duration(len(c.Heard()))*time.Millisecond/8, 2*time.Second)
		if r := b.record(c); r.Outcome != calllog.OutcomeAgentEnded || said(b, r, "Goodbye.").Heard != calllog.HeardFull {
			b.Errorf("the log has %+v", r)
		}
		if a := p.Answers(); len(a) != 1 || a[0].ID != "t1" || a[0].Error != "" {
			b.Errorf("the tool is answered %v", a)
		}
		noFaults(b, c)
	})
}

// The sound of a goodbye may follow the wish to end the call.
func TestEndCallBeforeTheSoundOfTheGoodbye(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		c, p := b.connected()
		p.Events <- agent.AgentSaid{Segment: "a", Text: "Goodbye."}
		p.Events <- endCall
		b.pass(500 * time.Millisecond)
		p.Events <- agent.Audio{Segment: "a", ULaw: sound(time.Second, 1)}
		p.Events <- agent.SegmentEnd{Segment: "a"}
		<-c.Done()
		if got := count(c.Heard(), 1); got != time.Second {
			b.Errorf("%v of the goodbye were heard, want all of it", got)
		}
	})
}

// An agent that has said nothing since the caller spoke is told to say goodbye,
// and waited for.
func TestEndCallWithoutAGoodbye(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Anything else?", sound(time.Second, 1))
		b.pass(2 * time.Second)
		p.Events <- agent.CallerSaid{Text: "No, that's all."}
		p.Events <- endCall
		b.pass(3 * time.Second)
		if a := p.Answers(); len(a) != 1 || a[0].Content == "" || a[0].Error != "" {
			b.Fatalf("the tool is answered %v", a)
		}
		speaks(p, "b", "Goodbye.", sound(time.Second, 2))
		<-c.Done()
		if got := count(c.Heard(), 2); got != time.Second {
			b.Errorf("%v of the goodbye were heard, want all of it", got)
		}
		if r := b.record(c); r.Outcome != calllog.OutcomeAgentEnded || len(p.Answers()) != 1 {
			b.Errorf("the outcome is %q, the answers %v", r.Outcome, p.Answers())
		}
	})
}

// An agent that promises a goodbye and says none can't hold the line: 10 s.
func TestEndCallOfASilentAgent(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		began := time.Now()
		c, p := b.connected()
		p.Events <- endCall
		<-c.Done()
		if lasted := time.Since(began); lasted < 10*time.Second || lasted > 11*time.Second {
			b.Errorf("the call lasted %v, want 10 s", lasted)
		}
	})
}

// Whoever isn't on the list can't end calls; arguments that nobody asked for are
// refused by name; and a second wish to end is no second end.
func TestEndCallRefused(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		p.Events <- endCall
		b.pass(2 * time.Second)
		if a := p.Answers(); len(a) != 1 || a[0].Error == "" {
			b.Errorf("an agent without the tool is answered %v", a)
		}
		c.HangUp()
	})
}

func TestEndCallTwice(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		c, p := b.connected()
		again, wrong := endCall, endCall
		again.ID, wrong.ID, wrong.Arguments = "t2", "t3", `{"reason":"bored"}`
		speaks(p, "a", "Goodbye.", sound(time.Second, 1))
		p.Events <- wrong
		p.Events <- endCall
		p.Events <- again
		<-c.Done()
		failed := map[string]bool{}
		for _, a := range p.Answers() {
			failed[a.ID] = a.Error != ""
		}
		if len(failed) != 3 || !failed["t3"] || !failed["t2"] || failed["t1"] {
			b.Errorf("errors by id: %v", failed)
		}
	})
}
