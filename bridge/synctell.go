package bridge

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/internal/plain"
)

// syncLine is a line of the JSON form.
type syncLine struct {
	Event string `json:"event"` // plan, beside, done, not_done, sum
	*syncStep
	Beside string   `json:"beside,omitempty"` // tools, prompts, or "tools in" a configuration
	Names  []string `json:"names,omitempty"`
	*syncSum
	Error string `json:"error,omitempty"`
}

// tell shows the plan.
func (t *toolsSyncCmd) tell(s *syncing) error {
	if t.JSON {
		for i := range s.steps {
			if err := printJSON(syncLine{Event: "plan", syncStep: &s.steps[i]}); err != nil {
				return err
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(s.extra)) {
			if err := printJSON(syncLine{Event: "beside", Beside: kind, Names: s.extra[kind]}); err != nil {
				return err
			}
		}
		return nil
	}
	plain.Printf("the account at %s\n", s.c.HumeAPIURL)
	for _, st := range s.steps {
		plain.Println(st.line())
	}
	for _, kind := range slices.Sorted(maps.Keys(s.extra)) {
		plain.Printf("beside, and left as it is: %s: %s\n", kind, someNames(s.extra[kind]))
	}
	plain.Println(s.sum())
	return nil
}

// signs are how a person reads what a step does.
var signs = map[string]struct{ sign, colour string }{actCreate: {"+", green}, actVersion: {"~", yellow}, actUnchanged: {"=", dim}, actLeftOut: {"!", red}}

// line is the step in one line.
func (s *syncStep) line() plain.Ready {
	text := fmt.Sprintf("%-13s  %s", s.Kind, s.Name)
	switch s.Action {
	case actCreate:
		text += "  create"
	case actVersion:
		text += "  new version: " + strings.Join(s.Fields, ", ")
	case actLeftOut:
		text += "  left out: " + s.Why
	}
	if len(s.Agents) > 0 {
		text += "  (" + strings.Join(s.Agents, ", ") + ")"
	}
	sign := signs[s.Action]
	return paint(sign.colour, "  "+sign.sign+" "+text)
}

// someNames are not more names than one cares to read.
func someNames(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// finish says what was done and what not, and with which code to exit.
func (t *toolsSyncCmd) finish(s *syncing, n syncSum, failed error) error {
	left := n.NotDone
	done := n.Created + n.Versions - left
	for i := range s.steps {
		st := &s.steps[i]
		if !st.changes() || n.DryRun {
			continue
		}
		event := "done"
		if done == 0 {
			event = "not_done"
		} else {
			done--
		}
		if t.JSON {
			if err := printJSON(syncLine{Event: event, syncStep: st}); err != nil {
				return err
			}
		} else if event == "done" {
			plain.Printf("done      %s %s is version %d, %s\n", st.Kind, st.Name, *st.At, st.ID)
		} else {
			plain.Printf("not done  %s %s\n", st.Kind, st.Name)
		}
	}
	switch {
	case t.JSON:
		line := syncLine{Event: "sum", syncSum: &n}
		if failed != nil {
			line.Error = failed.Error()
		}
		if err := printJSON(line); err != nil {
			return err
		}
		if failed != nil {
			return &exitError{exitFailed, ""}
		}
	case failed != nil:
		return &hintedError{failed, "run it again: it goes on from here"}
	case n.DryRun:
		plain.Println("nothing was changed: this is a dry run")
	case n.Created+n.Versions == 0:
		plain.Println("nothing has to be changed")
	}
	return nil
}
