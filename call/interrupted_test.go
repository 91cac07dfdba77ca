package call_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// Who interrupts stops the tools that are marked for it and were begun before. Every
// call is answered once.
func TestInterruptionCancelsTools(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{}, waits(t, "lookup", tools.CancelOnInterruption(), tools.Filler("Let me see.")), waits(t, "booking"))
	}, func(b *bubble) {
		c, p := b.connected()
		asksTool(p, "quick", "lookup", 100)
		asksTool(p, "cut", "lookup", 5000)
		asksTool(p, "kept", "booking", 5000)
		b.pass(500 * time.Millisecond)
		p.Events <- agent.Interrupted{}
		p.Events <- agent.Interrupted{}
		asksTool(p, "later", "lookup", 1000)
		b.pass(100 * time.Millisecond)
		got := p.Answers()
		if len(got) != 2 || got[0].ID != "quick" || got[0].Error != "" || got[1].ID != "cut" || !strings.HasPrefix(got[1].Content, "The caller spoke before") || got[1].Error == "" {
			b.Errorf("after the interruption the agent has %+v", got)
		}
		p.Events <- agent.CallerSaid{Text: "Wait,", Interim: true}
		b.pass(4900 * time.Millisecond)
		p.Events <- agent.CallerSaid{Text: "Wait, I", Interim: true} // they talk when the other is done
		b.pass(time.Second)
		if got = p.Answers(); len(got) != 4 || got[2].ID != "later" || got[2].Error != "" || got[3].ID != "kept" || got[3].Content != "booking is done" {
			b.Errorf("at last the agent has %+v", got)
		}
		c.HangUp()
		<-c.Done()
		log := entries(b.record(c), calllog.KindTool)
		if len(log) != 4 || log[1].Error != "tools: lookup: cancelled: the caller spoke before it was finished" || log[1].MS != 500 || string(log[1].Arguments) != `{"ms":5000}` ||
			log[2].Result != "booking is done" || log[2].MS != 5000 {
			b.Errorf("the log has %+v", log)
		}
	})
}

// The opening and a goodbye can't be talked over, so nothing is stopped by who tries.
func TestNoInterruptionNoCancelling(t *testing.T) {
	for name, configure := range map[string]func(*call.Profile){
		"an opening": func(p *call.Profile) { p.Opening = &call.Opening{Text: openingText, Clip: sound(3*time.Second, 3)} },
		"a goodbye":  func(p *call.Profile) { p.Builtins = []string{"end_call"} },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(_ *call.Config, p *call.Profile) {
				p.Tools = toolSet(t, tools.Config{}, waits(t, "lookup", tools.CancelOnInterruption()))
				configure(p)
			}, func(b *bubble) {
				_, p := b.connected()
				asksTool(p, "a", "lookup", 1000)
				speaks(p, "x", "Goodbye.", sound(4*time.Second, 2))
				p.Events <- agent.ToolCall{ID: "e", Name: "end_call"}
				b.pass(200 * time.Millisecond)
				p.Events <- agent.Interrupted{}
				b.pass(time.Second)
				if i := slices.IndexFunc(p.Answers(), func(a agent.ToolAnswer) bool { return a.ID == "a" }); i < 0 || p.Answers()[i].Error != "" {
					b.Errorf("the agent has %+v", p.Answers())
				}
			})
		})
	}
}

// As many tools as there may be finish while there is neither a stream nor an agent.
// Whoever goes on gets all the answers.
func TestAnswersOutliveTheGap(t *testing.T) {
	const n = 20
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{MaxPerCall: n, MaxTotal: n}, waits(t, "booking"))
	}, func(b *bubble) {
		c, p := b.connected()
		for i := range n {
			asksTool(p, fmt.Sprint("t", i), "booking", 1000)
		}
		b.pass(500 * time.Millisecond)
		b.agents.Answers <- 5 * time.Second // so long after the stream there is no agent
		b.agents.Answers <- nil
		c.CutStream()
		second := <-b.agents.Dialled
		b.pass(time.Second)
		ids := map[string]int{}
		for _, a := range append(p.Answers(), second.Answers()...) {
			ids[a.ID]++
			if a.Content != "booking is done" {
				b.Errorf("%s is answered by %+v", a.ID, a)
			}
		}
		if len(ids) != n || len(p.Answers()) != 0 || len(second.Answers()) != n {
			b.Errorf("%d of %d are answered: %v", len(ids), n, ids)
		}
		c.HangUp()
		<-c.Done()
		for _, e := range entries(b.record(c), calllog.KindTool) {
			if e.Result != "booking is done" || e.MS != 1000 {
				b.Errorf("the log has %+v", e)
			}
		}
	})
}

// What was answered after the stream's end is in the log, though nobody was told; what
// was not answered is there as that.
func TestToolsAtTheEnd(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{MaxPerCall: 20}, waits(t, "booking"))
	}, func(b *bubble) {
		c, p := b.connected()
		asksTool(p, "a", "booking", 1000)
		asksTool(p, "b", "booking", 60000)
		b.pass(500 * time.Millisecond)
		b.slow.Store(int64(time.Hour))
		c.CutStream() // and nobody comes back
		b.pass(10 * time.Second)
		log := entries(b.record(c), calllog.KindTool)
		if len(log) != 2 || log[0].Result != "booking is done" || log[1].Error != "the call ended before the tool answered" || log[1].Result != "" ||
			log[1].MS < 500 || string(log[1].Arguments) != `{"ms":60000}` {
			b.Errorf("the log has %+v", log)
		}
		b.slow.Store(0)
	})
}

// An agent that asks for more than can be is told so, for each, and the call goes on.
func TestAFloodOfToolCalls(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{MaxPerCall: 100, MaxTotal: 100}, waits(t, "booking"))
		p.Budgets.ToolsMinute = 200
	}, func(b *bubble) {
		c, p := b.connected()
		for i := range 200 {
			asksTool(p, fmt.Sprint("t", i), "booking", 1000)
		}
		b.pass(2 * time.Second)
		ok, busy := 0, 0
		for _, a := range p.Answers() {
			switch {
			case a.Error == "":
				ok++
			case strings.HasPrefix(a.Content, "Too many things"):
				busy++
			}
		}
		if ok != 32 || busy != 168 {
			b.Errorf("%d are done and %d refused, want 32 and 168", ok, busy)
		}
		c.HangUp()
		<-c.Done()
	})
}

// The same over the wire: the agent's word that it was interrupted stops the one tool,
// and the other is answered while the caller talks.
func TestInterruptedToolsOverTheWire(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	cut := make(chan error, 1)
	handle := func(ctx context.Context, _ struct{}) (string, error) {
		select {
		case <-release:
			return "at last", nil
		case <-ctx.Done():
			cut <- context.Cause(ctx)
			return "", ctx.Err()
		}
	}
	lookup := must(tools.New("lookup", "", handle, tools.CancelOnInterruption(), tools.Timeout(time.Minute)))
	booking := must(tools.New("booking", "", handle, tools.CarryOn(), tools.Timeout(time.Minute)))
	r := newRig(t, plan{tools: toolSet(t, tools.Config{}, lookup, booking)})
	c, agent := r.connected()
	agent.CallTool("a", "lookup", `{}`, true)
	agent.CallTool("b", "booking", `{}`, true)
	agent.reply(t, "x", "A long one.", 440, 3*time.Second)
	r.until("some of it is heard", func() bool { return heardTone(c.Heard(), 440) >= 300*time.Millisecond })
	agent.Interrupt()
	r.until("the one is answered", func() bool { return len(agent.sent("tool_error")) == 1 })
	if m := agent.sent("tool_error")[0].Fields; m["tool_call_id"] != "a" || !strings.HasPrefix(m["content"].(string), "The caller spoke before") {
		t.Errorf("the agent is told %v", m)
	}
	if err := <-cut; err == nil || err.Error() != "the caller spoke before it was finished" {
		t.Errorf("the tool is told %v", err)
	}
	r.await(c, twiliotest.Clear)
	c.Speak(sound(time.Second, 20))
	agent.Transcribe("And another", true, nil)
	release <- struct{}{}
	r.until("the other is answered", func() bool { return len(agent.sent("tool_response")) == 1 })
	c.HangUp()
	<-c.Done()
	if log := entries(r.record(c), calllog.KindTool); len(log) != 2 || log[0].Error == "" || log[1].Result != "at last" {
		t.Errorf("the log has %+v", log)
	}
	noFaults(t, c)
}
