package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
)

// presses has the agent press keys, and returns the one that goes on.
func (b *bubble) presses(p *call.Puppet, id, keys string) *call.Puppet {
	b.Helper()
	p.Events <- agent.ToolCall{ID: id, Name: builtin.SendDigits, Arguments: fmt.Sprintf(`{"digits":%q}`, keys), WantAnswer: true}
	b.agents.Answers <- nil
	next := <-b.agents.Dialled
	b.pass(10 * time.Second)
	return next
}

// Keys are pressed between two streams of one call, with one conversation; what the agent
// said before is heard.
func TestSendDigits(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		group := p.Chat().Group
		speaks(p, "a", "One moment.", sound(2*time.Second, 3))
		second := b.presses(p, "t1", "1w2#")
		if got := p.Answers(); len(got) != 1 || got[0].Error != "" {
			b.Errorf("the agent is answered %+v", got)
		}
		if got := count(c.Heard(), 3); got != 2*time.Second {
			b.Errorf("%v of what was said before were heard", got)
		}
		if second.Session.Resume != group || b.board.Live() != 1 {
			b.Errorf("the agent resumes %q, want %q; %d calls are live", second.Session.Resume, group, b.board.Live())
		}
		c.Speak(sound(400*time.Millisecond, 20))
		speaks(second, "b", "Hello?", sound(300*time.Millisecond, 5))
		b.pass(time.Second)
		if got, heard := count(c.Heard(), 5), count(second.Heard(), 20); got != 300*time.Millisecond || heard != 400*time.Millisecond {
			b.Errorf("the caller heard %v, the agent %v", got, heard)
		}
		if want := []string{"Connect", "Play", "Connect"}; !slices.Equal(verbs(c), want) || !slices.Equal(c.Played(), []string{"1w2#"}) {
			b.Errorf("the call followed %q, and pressed %q", verbs(c), c.Played())
		}
		c.HangUp()
		<-c.Done()
		rec := b.record(c)
		if log := entries(rec, calllog.KindTool); len(log) != 1 || string(log[0].Arguments) != `{"digits":"1w2#"}` || rec.Outcome != string(call.CallerHungUp) {
			b.Errorf("the log has %+v, outcome %q", log, rec.Outcome)
		}
		noFaults(b, c)
	})
}

// Keys that take half a minute don't cost the call its agent or its token.
func TestLongDigits(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		second := b.presses(p, "t1", strings.Repeat("W", 32))
		b.pass(30 * time.Second)
		select {
		case <-second.Closed():
			b.Error("the agent was let go")
		default:
		}
		speaks(second, "b", "Hello?", sound(300*time.Millisecond, 5))
		b.pass(time.Second)
		if got := count(c.Heard(), 5); got != 300*time.Millisecond {
			b.Errorf("the caller heard %v", got)
		}
		noFaults(b, c)
	})
}

// The same keys again and again lead nowhere, and there is an end of others, too. Streams
// that are left on purpose are not lost ones.
func TestSendDigitsInCircles(t *testing.T) {
	inBubble(t, puttingThrough, func(b *bubble) {
		c, p := b.connected()
		refused := func(id, keys, want string) {
			p.Events <- agent.ToolCall{ID: id, Name: builtin.SendDigits, Arguments: fmt.Sprintf(`{"digits":%q}`, keys), WantAnswer: true}
			synctest.Wait()
			if got := p.Answers(); len(got) == 0 || got[len(got)-1].Error == "" || !strings.Contains(got[len(got)-1].Content, want) {
				b.Errorf("%q is answered %+v, want an error with %q", keys, got, want)
			}
		}
		for i, keys := range []string{"", "1-2", "A", "+14155550177", strings.Repeat("1", 33)} {
			refused(fmt.Sprint("bad", i), keys, "digits must be")
		}
		for i := range 4 {
			p = b.presses(p, fmt.Sprint("same", i), "1")
		}
		refused("same5", "1", "in circles")
		for i := range 16 {
			p = b.presses(p, fmt.Sprint("other", i), fmt.Sprint(i))
		}
		refused("last", "7", "too often")
		c.CutStream()
		b.agents.Answers <- nil
		p = <-b.agents.Dialled
		b.pass(time.Second)
		speaks(p, "b", "Hello?", sound(300*time.Millisecond, 5))
		b.pass(time.Second)
		if got := count(c.Heard(), 5); got != 300*time.Millisecond {
			b.Errorf("after a stream that was lost the caller heard %v", got)
		}
		c.HangUp()
		<-c.Done()
		if rec := b.record(c); rec.Outcome != string(call.CallerHungUp) || len(c.Played()) != 20 {
			b.Errorf("the outcome is %q; pressed %q", rec.Outcome, c.Played())
		}
	})
}

// Who hangs up while keys are pressed has hung up; a service that stops meanwhile has
// drained the call.
func TestEndWhileKeysArePressed(t *testing.T) {
	for name, want := range map[string]call.Reason{"caller": call.CallerHungUp, "shutdown": call.Drained} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, puttingThrough, func(b *bubble) {
				b.phone.StatusCallback = public + "/twilio/status"
				c, p := b.connected()
				p.Events <- agent.ToolCall{ID: "t1", Name: builtin.SendDigits, Arguments: `{"digits":"WWWWWWWWWW"}`}
				b.agents.Answers <- nil
				<-b.agents.Dialled
				b.pass(3 * time.Second)
				if want == call.CallerHungUp {
					c.HangUp()
					<-c.Done()
				} else {
					b.cutOff()
				}
				if rec := b.record(c); rec.Outcome != string(want) {
					b.Errorf("the outcome is %q, want %q", rec.Outcome, want)
				}
			})
		})
	}
}
