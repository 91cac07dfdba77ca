package call

import "github.com/patchcord/patchcord/agent"

// asked is something the agent was asked to say. The agent may be in the middle
// of words of its own; those don't count.
type asked struct{ under, begun, done bool }

// said notes a text of the agent's.
func (a *asked) said(ev agent.AgentSaid) {
	if a.under && ev.Asked {
		a.begun = true
	}
}

// turnEnded notes that the agent has sent all of a reply. It is true once: when
// what was asked is in it.
func (a *asked) turnEnded() bool {
	if !a.begun || a.done {
		return false
	}
	a.done = true
	return true
}
