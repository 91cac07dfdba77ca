package call_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
)

// Who has something to say while the agent's goodbye plays is not hung up on. Thanks, noise,
// and words of the turn that the goodbye answers change nothing.
func TestGoodbyeTakenBack(t *testing.T) {
	t.Parallel()
	type steps []agent.Event
	interim := func(text string) agent.Event { return agent.CallerSaid{Text: text, Interim: true} }
	for name, c := range map[string]struct {
		before, over steps
		goesOn       bool
	}{
		"wait":                    {over: steps{interim("Wait")}, goesOn: true},
		"wait, after the verdict": {over: steps{agent.Interrupted{}, agent.CallerSaid{Text: "Wait, one more thing."}}, goesOn: true},
		"a turn of its own":       {over: steps{agent.CallerSpeaks{}, agent.CallerStopped{}, agent.CallerTurn{Turn: "u2"}, agent.CallerSaid{Turn: "u2", Text: "What about Friday?"}}, goesOn: true},
		"noise":                   {over: steps{agent.Interrupted{}}},
		"speech without words":    {over: steps{agent.CallerSpeaks{}, agent.CallerStopped{}}},
		"thanks":                  {over: steps{interim("Okay, thank you"), agent.CallerSaid{Text: "Okay, thank you so much, bye bye."}}},
		"signs of listening":      {over: steps{interim("mhm"), interim("mhm okay right")}},
		"words of the turn before": {before: steps{agent.CallerTurn{Turn: "u1"}},
			over: steps{agent.CallerSaid{Turn: "u1", Text: "No, I have all that I need."}}},
		"the same without turns": {before: steps{agent.CallerSaid{Text: "I have all that I need."}}, over: steps{interim("I have all")}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, endsCalls, func(b *bubble) {
				c1, p := b.connected()
				for _, ev := range c.before {
					p.Events <- ev
				}
				b.pass(100 * time.Millisecond)
				speaks(p, "a", "Goodbye, it was a pleasure to help you.", sound(4*time.Second, 1))
				p.Events <- endCall
				b.pass(500 * time.Millisecond)
				for _, ev := range c.over {
					p.Events <- ev
					b.pass(10 * time.Millisecond)
				}
				b.pass(6 * time.Second)
				if !c.goesOn {
					<-c1.Done()
					if got := count(c1.Heard(), 1); got != 4*time.Second {
						b.Errorf("%v of the goodbye were heard", got)
					}
					if r := b.record(c1); r.Outcome != calllog.OutcomeAgentEnded || p.Answers()[0].Error != "" {
						b.Errorf("the outcome is %q, the tool is answered %+v", r.Outcome, p.Answers())
					}
					return
				}
				if a := p.Answers(); len(a) != 1 || a[0].ID != "t1" || a[0].Error == "" || !a[0].Silent || !strings.Contains(a[0].Content, "the call goes on") {
					b.Errorf("the tool is answered %+v", a)
				}
				speaks(p, "b", "Of course, Friday it is.", sound(time.Second, 2))
				b.pass(2 * time.Second)
				if got := count(c1.Heard(), 2); got != time.Second {
					b.Errorf("%v of the reply were heard", got)
				}
				c1.HangUp()
				<-c1.Done()
				r := b.record(c1)
				if r.Outcome != calllog.OutcomeCallerHungUp || said(b, r, "Goodbye, it was a pleasure to help you.").Heard != calllog.HeardPartly {
					b.Errorf("the log has %+v", r)
				}
			})
		})
	}
}

// A goodbye is taken back twice at most.
func TestGoodbyeThatStays(t *testing.T) {
	inBubble(t, endsCalls, func(b *bubble) {
		c, p := b.connected()
		for i, id := range []string{"t1", "t2", "t3"} {
			ends := endCall
			ends.ID = id
			speaks(p, id, "Goodbye.", sound(3*time.Second, byte(i+1)))
			p.Events <- ends
			b.pass(500 * time.Millisecond)
			p.Events <- agent.CallerSaid{Text: "Wait, wait, wait!"}
			b.pass(time.Second)
		}
		<-c.Done()
		if got := count(c.Heard(), 3); got != 3*time.Second {
			b.Errorf("%v of the third goodbye were heard", got)
		}
		if a := p.Answers(); len(a) != 3 || a[0].Error == "" || a[1].Error == "" || a[2].Error != "" {
			b.Errorf("the tools are answered %+v", a)
		}
	})
}

// Time that is up is up, whatever the caller says.
func TestTimeLimitStays(t *testing.T) {
	inBubble(t, func(c *call.Config, _ *call.Profile) { c.Limits.Duration = 10 * time.Second }, func(b *bubble) {
		c, p := b.connected()
		b.pass(10 * time.Second)
		speaks(p, "a", "Our time is up.", sound(3*time.Second, 1))
		b.pass(500 * time.Millisecond)
		p.Events <- agent.CallerSaid{Text: "Wait, one more thing!"}
		<-c.Done()
		if r := b.record(c); r.Outcome != calllog.OutcomeTimeLimit {
			b.Errorf("the outcome is %q", r.Outcome)
		}
	})
}

// A caller who is heard at the end of the goodbye is given the time for their words to come.
func TestWordsAtTheEndOfTheGoodbye(t *testing.T) {
	for late, goesOn := range map[time.Duration]bool{time.Second: true, 2 * time.Second: false} {
		t.Run(late.String(), func(t *testing.T) {
			inBubble(t, endsCalls, func(b *bubble) {
				c, p := b.connected()
				speaks(p, "a", "Goodbye.", sound(2*time.Second, 1))
				p.Events <- endCall
				b.pass(1900 * time.Millisecond)
				p.Events <- agent.Interrupted{}
				b.pass(late)
				select {
				case <-c.Done():
					if goesOn {
						b.Error("the call is over")
					}
					return
				default:
				}
				p.Events <- agent.CallerSaid{Text: "Wait, one more thing!"}
				b.pass(5 * time.Second)
				if a := p.Answers(); !goesOn || len(a) != 1 || a[0].Error == "" {
					b.Errorf("the tool is answered %+v", a)
				}
				c.HangUp()
				<-c.Done()
			})
		})
	}
}
