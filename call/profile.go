package call

import (
	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/tools"
)

// Profile is one agent as it is configured: who answers, what is said first,
// and who takes over.
type Profile struct {
	Name      string // in the configuration
	Voice     string // which wire: evi or realtime
	Dialer    agent.Dialer
	Variables map[string]string
	Opening   *Opening // nil for none
	Tools     tools.Set
	Fallback  Fallback
}

// Fallback is what a caller gets when the agent can't serve them: a sentence,
// a person's number, or both.
type Fallback struct{ Say, Dial string }

// sayFallback is heard where no fallback is configured.
const sayFallback = "Sorry, we can't take your call right now. Please try again later. Goodbye."

// toolSpecs is what the agent is told of its tools.
func (p *Profile) toolSpecs() []agent.Tool {
	var specs []agent.Tool
	for _, t := range p.Tools.List() {
		specs = append(specs, agent.Tool{Name: t.Name, Description: t.Description, Schema: t.Schema, Failure: t.Failure})
	}
	return specs
}

// toolLabel names a tool in the metrics. A name that the agent made up is not
// a label: there is no end of them.
func (p *Profile) toolLabel(name string) string {
	for _, t := range p.Tools.List() {
		if t.Name == name {
			return name
		}
	}
	return "unknown"
}
