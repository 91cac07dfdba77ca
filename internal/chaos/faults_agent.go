package chaos

import (
	"errors"
	"time"

	"github.com/patchcord/patchcord/agent"
)

var errAgent = errors.New("chaos: the agent is gone")

// AgentFaults is what happens to a voice, or to the way to it.
var AgentFaults = []*Event{
	{Name: "agent dropped", What: "The connection to the voice breaks.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, _ Planned) {
			a.Leave(&agent.LostError{Op: "receive", Err: errAgent})
		})},
	{Name: "agent ends by itself", What: "The voice ends the conversation of its own will.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, _ Planned) {
			a.Leave(&agent.LostError{Op: "receive", Ended: true, Err: errAgent})
		})},
	{Name: "agent refuses for good", What: "The voice is gone, and asking again is of no use.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, _ Planned) {
			a.Leave(&agent.LostError{Op: "receive", Code: "quota", Fatal: true, Err: errAgent})
		})},
	{Name: "agent half-open", What: "Nothing comes from the voice any more, until its pings go unanswered.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, p Planned) {
			a.mu.Lock()
			a.dumb, a.queue = true, nil
			a.mu.Unlock()
			time.Sleep(p.For)
			a.Leave(&agent.LostError{Op: "receive", Err: errors.New("chaos: no pong")})
		})},
	{Name: "agent slow", What: "All that the voice does comes late.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, p Planned) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.delay = p.For / 2
		})},
	{Name: "agent's events reordered", What: "Neighboring events of the voice change places.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, p Planned) {
			a.mu.Lock()
			a.swap = p.Count
			a.mu.Unlock()
			a.Reply(40, false)
		})},
	{Name: "agent's events doubled", What: "Events of the voice come twice.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, p Planned) {
			a.mu.Lock()
			a.twice = p.Count
			a.mu.Unlock()
			a.Reply(40, false)
		})},
	{Name: "garbage from the agent", What: "Events that mean nothing, errors, tools that don't exist, and budgets that are exceeded.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, _ Planned) {
			a.emit(0, agent.Ignored{Type: "nonsense", Broken: true}, agent.Failed{Code: "E0", Slug: "odd", Message: "odd"}, agent.SegmentEnd{Segment: "none"},
				agent.Spoken{}, agent.TurnEnd{}, agent.Audio{Segment: "empty"}, agent.ToolCall{ID: "x", Name: "no_such_tool", Arguments: "{", WantAnswer: true},
				agent.ToolCall{ID: "x", Name: "look_up", Arguments: "null", WantAnswer: true}, agent.AgentSaid{}, agent.CallerSaid{Text: ""}, agent.CallerStopped{})
		})},
	{Name: "agent deaf", What: "The voice takes nothing more.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, _ Planned) {
			a.mu.Lock()
			a.deaf = true
			a.mu.Unlock()
			a.Leave(&agent.LostError{Op: "receive", Err: errDeaf})
		})},
	{Name: "agent slow to close", What: "The voice's goodbye takes seconds.",
		Needs: NeedsAgent, Do: onAgent(func(a *Agent, p Planned) {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.lags = p.For / 2
		})},
	{Name: "tool hangs", What: "A tool does not answer, not even at its deadline.",
		Needs: NeedsAgent, Do: func(_ *World, t *Talk, _ Planned) {
			t.tool("hang", "{}")
		}},
	{Name: "agent can't be dialed", What: "The connection breaks, and the next ones are refused.",
		Do: func(_ *World, t *Talk, p Planned) {
			t.mu.Lock()
			for range p.Count % 6 {
				t.refuse = append(t.refuse, &agent.LostError{Op: "dial", Err: errAgent})
			}
			t.mu.Unlock()
			if a := t.agent(); a != nil {
				a.Leave(&agent.LostError{Op: "receive", Err: errAgent})
			}
		}},
	{Name: "agent slow to dial", What: "The connection breaks, and the next one takes long.",
		Do: func(_ *World, t *Talk, p Planned) {
			t.mu.Lock()
			t.hang = 3 * p.For
			t.mu.Unlock()
			if a := t.agent(); a != nil {
				a.Leave(&agent.LostError{Op: "receive", Err: errAgent})
			}
		}},
}

// onAgent is a fault of the agent that is connected.
func onAgent(f func(*Agent, Planned)) func(*World, *Talk, Planned) {
	return func(_ *World, t *Talk, p Planned) { f(t.agent(), p) }
}
