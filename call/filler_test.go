package call_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/tools"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// wait is what the tools of these tests are told: how long they take, in ms.
type wait struct {
	MS int `json:"ms"`
}

// waits is a tool that takes as long as it is told, or until it is cancelled.
func waits(t testing.TB, name string, opts ...tools.Option) tools.Tool {
	t.Helper()
	tool, err := tools.New(name, "A tool of the test.", func(ctx context.Context, in wait) (string, error) {
		select {
		case <-time.After(time.Duration(in.MS) * time.Millisecond):
			return name + " is done", nil
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}, append([]tools.Option{tools.Timeout(time.Minute)}, opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return tool
}

// toolSet is an agent that may use them all.
func toolSet(t testing.TB, c tools.Config, all ...tools.Tool) tools.Set {
	t.Helper()
	registry, err := tools.NewRegistry(c)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range all {
		if err := registry.Add(tool); err != nil {
			t.Fatal(err)
		}
		names = append(names, tool.Info().Name)
	}
	set, err := registry.Only(names...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// asksTool is a call of a tool that takes so many ms.
func asksTool(p *call.Puppet, id, name string, ms int) {
	p.Events <- agent.ToolCall{ID: id, Name: name, Arguments: `{"ms":` + string(must(json.Marshal(ms))) + `}`, WantAnswer: true}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A wait for a tool is bridged, when it is long, once, and when nobody speaks.
func TestFiller(t *testing.T) {
	const text, other = "One moment while I look that up.", "Let me see."
	type step struct {
		at time.Duration
		do func(*bubble, *twiliotest.Call, *call.Puppet)
	}
	event := func(at time.Duration, events ...agent.Event) step {
		return step{at, func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) {
			for _, ev := range events {
				p.Events <- ev
			}
		}}
	}
	ask := func(at time.Duration, id, name string, ms int) step {
		return step{at, func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) { asksTool(p, id, name, ms) }}
	}
	talk := func(at, d time.Duration) step {
		return step{at, func(_ *bubble, _ *twiliotest.Call, p *call.Puppet) { speaks(p, at.String(), "Words.", sound(d, 1)) }}
	}
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		steps     []step
		configure func(*call.Config, *call.Profile)
		want      []time.Duration
	}{
		"nobody speaks":             {steps: []step{ask(0, "a", "slow", 3000)}, want: []time.Duration{700 * ms}},
		"answered in time":          {steps: []step{ask(0, "a", "slow", 690)}},
		"nothing to say":            {steps: []step{ask(0, "a", "silent", 3000)}},
		"the agent speaks":          {steps: []step{ask(0, "a", "slow", 5000), talk(100*ms, 1500*ms)}, want: []time.Duration{1900 * ms}},
		"the agent's words are due": {steps: []step{ask(0, "a", "slow", 5000), event(500*ms, agent.AgentSaid{Segment: "x", Text: "Well."}), talk(900*ms, 1000*ms)}, want: []time.Duration{2200 * ms}},
		"the caller speaks":         {steps: []step{ask(0, "a", "slow", 5000), event(600*ms, agent.CallerSaid{Text: "And", Interim: true}), event(1500*ms, agent.CallerSaid{Text: "And my", Interim: true}), event(2000*ms, agent.CallerSaid{Text: "And my other order?"})}, want: []time.Duration{2300 * ms}},
		"a noise of the caller":     {steps: []step{ask(0, "a", "slow", 5000), event(600*ms, agent.Interrupted{})}, want: []time.Duration{2400 * ms}},
		"answered meanwhile":        {steps: []step{ask(0, "a", "slow", 2000), talk(100*ms, 3000*ms)}},
		"two at once":               {steps: []step{ask(0, "a", "slow", 5000), ask(0, "b", "other", 5000), ask(500*ms, "c", "slow", 5000)}, want: []time.Duration{700 * ms}},
		"one after another":         {steps: []step{ask(0, "a", "slow", 1000), ask(4000*ms, "b", "other", 1000)}, want: []time.Duration{700 * ms, 4700 * ms}},
		"while one is said":         {steps: []step{ask(0, "a", "slow", 9000), ask(800*ms, "b", "other", 9000), event(1000*ms, agent.AgentSaid{Segment: "f", Text: text, Asked: true}, agent.Audio{Segment: "f", ULaw: sound(time.Second, 2)}, agent.SegmentEnd{Segment: "f"}, agent.Spoken{Exact: true}, agent.TurnEnd{})}, want: []time.Duration{700 * ms, 2300 * ms}},
		"one is never said":         {steps: []step{ask(0, "a", "slow", 9000), ask(800*ms, "b", "other", 9000)}, want: []time.Duration{700 * ms, 3700 * ms}},
		"an opening": {steps: []step{ask(0, "a", "slow", 9000)}, configure: func(_ *call.Config, p *call.Profile) {
			p.Opening = &call.Opening{Text: openingText, Clip: sound(2*time.Second, 3)}
		}, want: []time.Duration{2300 * ms}},
		"a goodbye": {steps: []step{talk(0, 2000*ms), ask(100*ms, "a", "slow", 9000), event(200*ms, agent.ToolCall{ID: "e", Name: "end_call", WantAnswer: true})}},
		"the agent is away": {steps: []step{ask(0, "a", "slow", 9000), {500 * ms, func(b *bubble, _ *twiliotest.Call, p *call.Puppet) {
			p.Leave(&agent.LostError{Op: "receive", Err: errors.New("gone")})
		}}}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(c *call.Config, p *call.Profile) {
				p.Tools = toolSet(t, tools.Config{}, waits(t, "slow", tools.Filler(text)), waits(t, "other", tools.Filler(other)), waits(t, "silent"))
				p.Builtins = []string{"end_call"}
				if test.configure != nil {
					test.configure(c, p)
				}
			}, func(b *bubble) {
				c, p := b.connected()
				began := time.Now()
				var got []time.Duration
				for time.Since(began) < 8*time.Second {
					for _, s := range test.steps {
						if d := time.Since(began); d >= s.at && d < s.at+20*time.Millisecond {
							s.do(b, c, p)
						}
					}
					b.pass(20 * time.Millisecond)
					for n := len(p.Said()); len(got) < n; {
						got = append(got, time.Since(began))
					}
				}
				for i, want := range test.want {
					if i < len(got) && (got[i] < want || got[i] > want+100*time.Millisecond) {
						b.Errorf("filler %d was asked for after %v, want %v", i, got[i], want)
					}
				}
				if len(got) != len(test.want) {
					b.Errorf("fillers were asked for after %v, want %v: %q", got, test.want, p.Said())
				}
			})
		})
	}
}

// The next agent says it, if there was none when it was due; and once is enough.
func TestFillerOfTheNextAgent(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{}, waits(t, "slow", tools.Filler("One moment.")))
	}, func(b *bubble) {
		_, p := b.connected()
		asksTool(p, "a", "slow", 9000)
		b.pass(300 * time.Millisecond)
		b.agents.Answers <- 800 * time.Millisecond
		b.agents.Answers <- nil
		p.Leave(&agent.LostError{Op: "receive", Err: errors.New("gone")})
		second := <-b.agents.Dialled
		b.pass(5 * time.Second) // a holding line has begun
		if got := second.Said(); !slices.Equal(got, []string{"One moment."}) {
			b.Errorf("the next agent is asked to say %q", got)
		}
		second.Leave(&agent.LostError{Op: "receive", Err: errors.New("gone")})
		b.agents.Answers <- nil
		third := <-b.agents.Dialled
		b.pass(4 * time.Second)
		if got := third.Answers(); len(got) != 1 || got[0].Content != "slow is done" || len(third.Said()) != 0 {
			b.Errorf("the last agent got %+v and was asked to say %q", got, third.Said())
		}
	})
}

// An answer is not kept back by the filler that is heard.
func TestAnswerWhileTheFillerPlays(t *testing.T) {
	inBubble(t, func(_ *call.Config, p *call.Profile) {
		p.Tools = toolSet(t, tools.Config{}, waits(t, "slow", tools.Filler("One moment.")))
	}, func(b *bubble) {
		_, p := b.connected()
		asksTool(p, "a", "slow", 1000)
		b.obeys(p, 1)
		b.pass(300 * time.Millisecond)
		if got := p.Answers(); len(got) != 1 {
			b.Errorf("%d answers while the filler plays, want it at once", len(got))
		}
	})
}
