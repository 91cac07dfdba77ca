package call

import (
	"maps"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/tools"
)

// Profile is one agent as it is configured: who answers, what is said first,
// and who takes over.
type Profile struct {
	Name      string   // in the configuration
	Voices    []*Voice // the first that answers takes a call, the next takes over
	Variables map[string]string
	Opening   *Opening // nil for none
	Tools     tools.Set
	Builtins  []string // of package builtin, those that the agent may use, by name
	Fallback  Fallback
	Transfers builtin.Transfers // whom calls may be transferred to, in order; a key means the first
	Keys      map[string]string // what keys of the caller's stand for: a key of 0-9, *, # to one of KeyActions
	Record    bool              // the sound of its calls is kept in a file
	Remember  time.Duration     // so long after a call that broke whoever calls again goes on; 0 for never

	Interruption Interruption
	Admission    Admission

	Budgets agent.Budgets // of the voice

	Expression *Expression // nil: how its callers sound is not measured

	// Of calls that are placed.
	Seller    consent.Seller  // on whose behalf; without one the agent calls nobody
	Purpose   consent.Purpose // of an order that names none
	Voicemail string          // what to do about an answering machine: VoicemailHangUp if empty
}

// What to do about an answering machine. A message is left only if the gate's decision
// about the call allows one: see [consent.DutyVoicemailOptOut].
const (
	VoicemailHangUp  = "hang_up"
	VoicemailMessage = "leave_message"
)

// leavesMessage tells whether a machine is spoken to: the profile wants it, and the
// newest decision about the call allows it.
func (p *Profile) leavesMessage(o *calllog.Order) bool {
	return p.Voicemail == VoicemailMessage && o != nil && slices.Contains(o.Duties, string(consent.DutyVoicemailOptOut))
}

// Fallback is what a caller gets when the agent can't serve them: a sentence,
// a person's number, or both.
type Fallback struct{ Say, Dial string }

func (f Fallback) step() carrier.Step { return carrier.Say{Text: f.Say, Then: phone.Party(f.Dial)} }

// sayFallback is heard where no fallback is configured.
const sayFallback = "Sorry, we can't take your call right now. Please try again later. Goodbye."

// sayTrouble is heard by whom we called, when the agent has gone.
const sayTrouble = "I'm sorry, we have a technical problem and have to end this call. Goodbye."

// variables is what the agent is told of a call: its own, and over them those of the
// order, or of whoever was asked who answers.
func (p *Profile) variables(head calllog.Call) map[string]string {
	more := head.Variables
	if head.Order != nil {
		more = head.Order.Variables
	}
	if len(more) == 0 {
		return p.Variables
	}
	all := map[string]string{}
	maps.Copy(all, p.Variables)
	maps.Copy(all, more)
	return all
}

// toolSpecs is what the agent is told of its tools.
func (p *Profile) toolSpecs() []agent.Tool {
	var specs []agent.Tool
	for _, t := range p.Tools.List() {
		specs = append(specs, agent.Tool{Name: t.Name, Description: t.Description, Schema: t.Schema, Failure: t.Failure})
	}
	for _, t := range p.grant().List() {
		specs = append(specs, agent.Tool{Name: t.Name, Description: t.Description, Schema: t.Schema})
	}
	return specs
}

// grant is the built-in tools that the agent may use.
func (p *Profile) grant() builtin.Grant {
	return builtin.Grant{Tools: p.Builtins, Transfers: p.Transfers}
}

// tool describes a tool that the agent may use. It has no name if there is no such tool.
func (p *Profile) tool(name string) tools.Info {
	if t, ok := p.grant().Find(name); ok {
		return t.Info()
	}
	for _, t := range p.Tools.List() {
		if t.Name == name {
			return t
		}
	}
	return tools.Info{}
}

// toolLabel names a tool in the metrics. A name that the agent made up is not
// a label: there is no end of them.
func (p *Profile) toolLabel(name string) string {
	for _, t := range p.toolSpecs() {
		if t.Name == name {
			return name
		}
	}
	return "unknown"
}
