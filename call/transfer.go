package call

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/tools"
)

// Transfer is somebody to whom an agent may put a call through.
type Transfer struct {
	Name   string // by which agents and operators name them; empty if there is only one
	Number phone.Number
}

// TransferError refuses a transfer to somebody who is not on an agent's list. It does
// not repeat who was asked for, which may be a number.
type TransferError struct{ Names []string }

func (e *TransferError) Error() string {
	if len(e.Names) == 0 {
		return "call: transfer: nobody of that name is on the agent's list"
	}
	return "call: transfer: nobody of that name is on the agent's list: want " + strings.Join(e.Names, ", ")
}

// ToolTransferCall puts the caller through to a person.
const ToolTransferCall = "transfer_call"

// summaryMost is the longest summary, in bytes: half a minute, while the caller waits.
const summaryMost = 600

type transferIn struct {
	To      string `json:"to,omitempty" jsonschema:"whom to put the caller through to, by name"`
	Summary string `json:"summary,omitempty" jsonschema:"what the person who takes the call should know, at most 600 bytes; they hear it before the caller is joined, and may decline"`
}

var transferForm = form[transferIn](ToolTransferCall,
	"Puts the caller through to a person. Tell the caller first, then use it, once. If nobody takes the call, the caller comes back to you.")

// transferInfo is what an agent is told of the tool: with the names of its own list.
// Without a list there is no tool.
func transferInfo(p *Profile, info tools.Info) (tools.Info, bool) {
	if len(p.Transfers) == 0 {
		return info, false
	}
	var schema map[string]any
	if err := json.Unmarshal(info.Schema, &schema); err != nil {
		panic("internal error: call: " + err.Error()) // it is ours
	}
	fields := schema["properties"].(map[string]any)
	names := p.transferNames()
	if len(names) == 0 {
		delete(fields, "to")
	} else {
		fields["to"].(map[string]any)["enum"] = names
		info.Description += " There are: " + strings.Join(names, ", ") + "."
	}
	if len(p.Transfers) > 1 {
		schema["required"] = []string{"to"}
	}
	changed, err := json.Marshal(schema)
	if err != nil {
		panic("internal error: call: " + err.Error())
	}
	info.Schema = changed
	return info, true
}

// transferNames is the names on the agent's list, in order.
func (p *Profile) transferNames() []string {
	var names []string
	for _, t := range p.Transfers {
		if t.Name != "" {
			names = append(names, t.Name)
		}
	}
	return names
}

// transfer finds somebody on the agent's list, by name or number. Where there is only
// one, nobody need be named.
func (p *Profile) transfer(to string) (Transfer, error) {
	to = strings.TrimSpace(to)
	i := slices.IndexFunc(p.Transfers, func(t Transfer) bool {
		return strings.EqualFold(t.Name, to) || t.Number.E164() == to
	})
	switch {
	case i >= 0 && (to != "" || len(p.Transfers) == 1):
		return p.Transfers[i], nil
	case to == "" && len(p.Transfers) == 1:
		return p.Transfers[0], nil
	}
	return Transfer{}, &TransferError{p.transferNames()}
}

// handover is a call that is put through: to whom, and what they hear before they are
// joined with the caller. Without a summary they are joined at once.
type handover struct {
	Transfer
	summary string
}

// What is said of a transfer, and by whom.
const (
	sayPutThrough    = "I'll put you through."
	sayPutThroughNow = "The caller is put through as soon as they have heard you say so. Say it now, in one short sentence."
	isPutThrough     = "The caller is being put through. You will be told if nobody takes the call."
)

var errSummary = errors.New("the summary is too long")

// transferCall is the tool. What the agent said before it is heard first.
func (c *Call) transferCall(t builtin.Invocation, in transferIn, now time.Time) {
	to, err := c.profile.transfer(in.To)
	switch {
	case err != nil:
		say := "There is nobody of that name to put the caller through to."
		if names := c.profile.transferNames(); len(names) > 0 {
			say = "Nobody of that name takes calls. There are: " + strings.Join(names, ", ") + "."
		}
		c.refused(t, say, err, now)
	case len(in.Summary) > summaryMost:
		c.refused(t, fmt.Sprintf("The summary has %d bytes. Say it in at most %d.", len(in.Summary), summaryMost), errSummary, now)
	default:
		c.leave(putThrough(to, in.Summary), t, builtin.Exit{Prompt: sayPutThroughNow, Result: isPutThrough}, now)
	}
}

// putThrough is the outcome of a call that leaves its agent for a person.
func putThrough(to Transfer, summary string) Outcome {
	return Outcome{Reason: Transferred, next: nextTransfer, hand: &handover{to, summary}}
}

// transferNow puts the caller through because somebody other than the agent wants it. The
// agent says so, unless the opening runs: that is heard to its end, and nothing after it.
func (c *Call) transferNow(to Transfer, summary string, now time.Time) {
	c.endSaying(putThrough(to, summary), sayPutThrough, now)
}

// endSaying is endAfterPlaying with an outcome.
func (c *Call) endSaying(out Outcome, farewell string, now time.Time) {
	if c.ending != nil {
		return
	}
	if c.opening.running() {
		farewell = ""
	}
	c.endAfterPlaying(out.Reason, farewell, now)
	c.ending.out = out
}
