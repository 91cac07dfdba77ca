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

// spoken notes that the agent has sent all of what it was asked to say, or has failed to. It
// is true once.
func (a *asked) spoken(exact bool) bool {
	if !a.under || a.done || exact && !a.begun { // of something else that it was asked before
		return false
	}
	a.done = true
	return true
}
