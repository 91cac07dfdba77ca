package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/internal/humesync"
	"github.com/patchcord/patchcord/internal/plain"
)

// syncLine is a line of the JSON form.
type syncLine struct {
	Event string `json:"event"` // plan, beside, done, not_done, sum
	*humesync.Step
	Beside string   `json:"beside,omitempty"` // tools, prompts, or "tools in" a configuration
	Names  []string `json:"names,omitempty"`
	*humesync.Summary
	Error string `json:"error,omitempty"`
}

// tell shows the plan.
func (t *toolsSyncCmd) tell(s *humesync.Sync) error {
	if t.JSON {
		for i := range s.Steps {
			if err := printJSON(syncLine{Event: "plan", Step: &s.Steps[i]}); err != nil {
				return err
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(s.Extra)) {
			if err := printJSON(syncLine{Event: "beside", Beside: kind, Names: s.Extra[kind]}); err != nil {
				return err
			}
		}
		return nil
	}
	plain.Printf("the account at %s\n", s.Address())
	for i := range s.Steps {
		plain.Println(stepLine(&s.Steps[i]))
	}
	for _, kind := range slices.Sorted(maps.Keys(s.Extra)) {
		plain.Printf("not in the plan, left unchanged: %s: %s\n", kind, someNames(s.Extra[kind]))
	}
	plain.Println(s.Summary())
	return nil
}

// signs are how a person reads what a step does.
var signs = map[string]struct{ sign, colour string }{humesync.Create: {"+", green}, humesync.NewVersion: {"~", yellow}, humesync.Unchanged: {"=", dim}, humesync.LeftOut: {"!", red}}

// stepLine is a step in one line.
func stepLine(s *humesync.Step) plain.Ready {
	text := fmt.Sprintf("%-13s  %s", s.Kind, s.Name)
	switch s.Action {
	case humesync.Create:
		text += "  create"
	case humesync.NewVersion:
		text += "  new version: " + strings.Join(s.Fields, ", ")
	case humesync.LeftOut:
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
func (t *toolsSyncCmd) finish(s *humesync.Sync, n humesync.Summary, failed error) error {
	left := n.NotDone
	done := n.Created + n.Versions - left
	for i := range s.Steps {
		st := &s.Steps[i]
		if !st.Changes() || n.DryRun {
			continue
		}
		event := "done"
		if done == 0 {
			event = "not_done"
		} else {
			done--
		}
		if t.JSON {
			if err := printJSON(syncLine{Event: event, Step: st}); err != nil {
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
		line := syncLine{Event: "sum", Summary: &n}
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
		return &hintedError{failed, "run it again to continue from here"}
	case n.DryRun:
		plain.Println("nothing was changed: this is a dry run")
	case n.Created+n.Versions == 0:
		plain.Println("nothing to change")
	}
	return nil
}
