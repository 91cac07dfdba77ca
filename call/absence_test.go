package call_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

var (
	errRefused = &agent.LostError{Op: "dial", Code: "401", Fatal: true, Err: errors.New("no")}
	errLost    = &agent.LostError{Op: "receive", Code: "1006", Err: errors.New("cut")}
)

// followsFallback checks that the caller was given to a person.
func (b *bubble) followsFallback(c *twiliotest.Call) {
	b.Helper()
	<-c.Done()
	if want := []string{"Connect", "Say", "Dial", "Hangup"}; !slices.Equal(verbs(c), want) {
		b.Errorf("the call followed %q, want %q", verbs(c), want)
	} else if dial := c.Followed()[2]; dial.Number() != transfer {
		b.Errorf("the call was given to %q", dial.Number())
	}
	noFaults(b, c)
}

// An agent that never comes: the caller is held, never in dead air for five
// seconds, and gets the fallback after fifteen.
func TestAgentNeverComes(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c := b.dial()
		b.followsFallback(c)
		heard := c.Heard()
		length := time.Duration(len(heard)) * time.Millisecond / 8
		near(b, "the fallback", length, 15*time.Second)
		if got := deadAir(heard, 0, length); got > 5*time.Second {
			b.Errorf("%v of dead air", got)
		}
		if r := b.record(c); r.Outcome != string(call.Failed) {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}

// An agent that refuses is not waited for.
func TestAgentRefuses(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		b.agents.Answers <- errRefused
		c := b.dial()
		b.followsFallback(c)
		if got := time.Duration(len(c.Heard())) * time.Millisecond / 8; got > 100*time.Millisecond {
			b.Errorf("the caller waited for %v", got)
		}
		if n := len(b.agents.Sessions()); n != 1 {
			b.Errorf("%d dials, want one", n)
		}
	})
}

// An agent that drops in the midst of a reply: what came of it is heard, then the
// holding line, until the next agent speaks. What the caller said meanwhile is
// kept, the newest two seconds of it.
func TestAgentDrops(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		p.Events <- agent.AgentSaid{Segment: "a", Text: "Let me see."}
		p.Events <- agent.Audio{Segment: "a", ULaw: sound(1500*time.Millisecond, 1)}
		b.pass(500 * time.Millisecond)
		p.Leave(errLost)
		c.Speak(sound(6*time.Second, 20))
		b.agents.Answers <- 3 * time.Second
		b.agents.Answers <- nil
		next := <-b.agents.Dialled
		b.pass(100 * time.Millisecond)
		near(b, "of what was said meanwhile", count(next.Heard(), 20), 2*time.Second+100*time.Millisecond)
		before := c.Heard()
		if got := count(before, 1); got != 1500*time.Millisecond {
			b.Errorf("%v of the reply were heard, want all that came", got)
		}
		near(b, "dead air", deadAir(before, 1500*time.Millisecond, 3*time.Second), 0)
		if b.pass(200 * time.Millisecond); c.Queued() == 0 {
			b.Error("the holding line stops before the agent speaks")
		}
		speaks(next, "b", "Here I am.", sound(time.Second, 2))
		b.pass(1500 * time.Millisecond)
		heard := c.Heard()
		after := heard[len(before)+1600:]
		if count(after, 2) != time.Second || deadAir(after, 0, time.Second) > 100*time.Millisecond {
			b.Errorf("%v of the next agent's words were heard", count(after, 2))
		}
		b.await(c, twiliotest.Clear, "")
		c.HangUp()
		<-c.Done()
		r := b.record(c)
		if next.Session.Resume != "group-1" || r.ChatGroupID != "group-1" || !slices.Equal(r.ChatIDs, []string{"chat-1", "chat-2"}) || len(entries(r, "reconnect")) != 1 {
			b.Errorf("went on with %q; the log has group %q, chats %q", next.Session.Resume, r.ChatGroupID, r.ChatIDs)
		}
		if said(b, r, "Let me see.").Heard == "no" || said(b, r, "Here I am.").Heard != "full" {
			b.Errorf("%+v", r.Entries)
		}
		noFaults(b, c)
	})
}

// An agent that is back within a second was never missed.
func TestQuickReturnPassesUnnoticed(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		b.pass(4 * time.Second)
		p.Leave(errLost)
		b.agents.Answers <- 500 * time.Millisecond
		b.agents.Answers <- nil
		<-b.agents.Dialled
		b.pass(3 * time.Second)
		if got := deadAir(c.Heard(), 0, 7*time.Second); got < 6900*time.Millisecond {
			b.Errorf("only %v of silence: something was played", got)
		}
	})
}

// The agent's own goodbye ends the call, when it was heard.
func TestAgentEnds(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Goodbye.", sound(3*time.Second, 1))
		p.Leave(&agent.LostError{Op: "receive", Code: "1000", Ended: true})
		<-c.Done()
		if got := count(c.Heard(), 1); got != 3*time.Second {
			b.Errorf("%v of the goodbye were heard", got)
		}
		r := b.record(c)
		if r.Outcome != string(call.AgentEnded) || said(b, r, "Goodbye.").Heard != "full" {
			b.Errorf("the outcome is %q", r.Outcome)
		}
		if want := []string{"Connect", "Hangup"}; !slices.Equal(verbs(c), want) {
			b.Errorf("the call followed %q", verbs(c))
		}
	})
}
