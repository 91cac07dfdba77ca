package builtin

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/patchcord/patchcord/tools"
)

// TransferCall transfers the caller to a person.
const TransferCall = "transfer_call"

// MaxSummary is the longest summary of a transfer, in bytes: half a minute, while the caller waits.
const MaxSummary = 600

type transferIn struct {
	To      string `json:"to,omitempty" jsonschema:"whom to transfer the caller to, by name"`
	Summary string `json:"summary,omitempty" jsonschema:"what the person who takes the call should know, at most 600 bytes; they hear it first, and may decline"`
}

var transferForm = form[transferIn](TransferCall,
	"Transfers the caller to a person. Tell the caller first, then use it, once. If nobody takes the call, the caller "+
		"comes back to you.")

var (
	transferring = Exit{
		Prompt: "The caller is transferred as soon as they have heard you say so. Say it now, in one short sentence.",
		Result: "The caller is being transferred. You will be told if nobody takes the call.",
	}
	errSummary = errors.New("the summary is too long")
)

// transferInfo names the people on the agent's list. Without a list there is no tool.
func transferInfo(to Transfers, info tools.Info) (tools.Info, bool) {
	if len(to) == 0 {
		return info, false
	}
	var schema map[string]any
	if err := json.Unmarshal(info.Schema, &schema); err != nil {
		panic("internal error: builtin: " + err.Error()) // it is ours
	}
	fields := schema["properties"].(map[string]any)
	names := to.Names()
	if len(names) == 0 {
		delete(fields, "to")
	} else {
		fields["to"].(map[string]any)["enum"] = names
		info.Description += " There are: " + strings.Join(names, ", ") + "."
	}
	if len(to) > 1 {
		schema["required"] = []string{"to"}
	}
	changed, err := json.Marshal(schema)
	if err != nil {
		panic("internal error: builtin: " + err.Error())
	}
	info.Schema = changed
	return info, true
}

// transferCall transfers the caller when they have heard what the agent said before it.
func transferCall(_ *State, c Controls, t Invocation, in transferIn, now time.Time) {
	list := c.Transfers()
	to, err := list.Find(in.To)
	switch {
	case err != nil:
		say := "There is nobody of that name to transfer the caller to."
		if names := list.Names(); len(names) > 0 {
			say = "Nobody of that name takes calls. There are: " + strings.Join(names, ", ") + "."
		}
		c.Refuse(t, say, err, now)
	case len(in.Summary) > MaxSummary:
		say := fmt.Sprintf("The summary has %d bytes. Say it in at most %d.", len(in.Summary), MaxSummary)
		c.Refuse(t, say, errSummary, now)
	default:
		e := transferring
		e.To, e.Summary = &to, in.Summary
		c.Leave(t, e, now)
	}
}
