package bridge

import (
	"context"
	"fmt"
	"slices"

	account "github.com/patchcord/patchcord/hume"
)

// What a step does.
const (
	actCreate    = "create"
	actVersion   = "version"
	actUnchanged = "unchanged"
	actLeftOut   = "left_out"
)

// syncStep is one line of the plan.
type syncStep struct {
	Kind   string   `json:"kind"` // tool, prompt, configuration
	Name   string   `json:"name"`
	Action string   `json:"action"`
	Fields []string `json:"fields,omitempty"` // that differ
	Why    string   `json:"why,omitempty"`    // of what is left out
	Agents []string `json:"agents,omitempty"`
	ID     string   `json:"id,omitempty"` // in the account, once it is there
	At     *int     `json:"version,omitempty"`

	do func(context.Context) (account.Ref, error) // nil where nothing is to be done
}

// changes tells whether the step writes.
func (s *syncStep) changes() bool { return s.Action == actCreate || s.Action == actVersion }

// at notes where the thing is.
func (s *syncStep) at(r account.Ref) { s.ID, s.At = r.ID, &r.Version }

// syncing is one run of the command.
type syncing struct {
	c    *config
	hume *account.Client
	want *syncWant

	tools   []account.Tool // of the account
	prompts []account.Prompt
	configs map[string]account.Configuration // that agents name

	refs  map[string]account.Ref // of what is there, and, as it is made, of what is made: by kind and name
	steps []syncStep
	extra map[string][]string // what the account has beside, by kind
}

// plan works out the steps, in the order in which they have to be done: a
// configuration names versions that are there.
func (s *syncing) plan() {
	s.refs, s.extra = map[string]account.Ref{}, map[string][]string{}
	taken := map[string]bool{}
	for _, w := range s.want.tools {
		have, found := pick(s.tools, func(t account.Tool) bool { return t.Name == w.Name }, func(t account.Tool) (string, int64) { return t.ID, t.Created }, s.named)
		taken[have.ID] = found
		s.steps = append(s.steps, s.toolStep(w, have, found))
	}
	for _, w := range s.want.prompts {
		have, found := pick(s.prompts, func(p account.Prompt) bool { return p.Name == w.name }, func(p account.Prompt) (string, int64) { return p.ID, p.Created }, s.named)
		taken[have.ID] = found
		s.steps = append(s.steps, s.promptStep(w, have, found))
	}
	for _, w := range s.want.configs {
		s.steps = append(s.steps, s.configStep(w))
	}
	s.steps = append(s.steps, s.want.out...)
	for _, t := range s.tools {
		s.beside("tools", t.Name, taken[t.ID])
	}
	for _, p := range s.prompts {
		s.beside("prompts", p.Name, taken[p.ID])
	}
}

// beside notes what the account has and bridge.yaml does not.
func (s *syncing) beside(kind, name string, taken bool) {
	switch {
	case taken:
	case !s.want.known[name]:
		s.extra[kind] = append(s.extra[kind], name)
	case slices.ContainsFunc(s.steps, func(st syncStep) bool { return st.Name == name }):
		s.extra[kind] = append(s.extra[kind], name+" (another of that name)")
	}
}

// syncSum counts the steps by what they do.
type syncSum struct {
	DryRun    bool `json:"dry_run,omitempty"`
	Created   int  `json:"created"`
	Versions  int  `json:"versions"`
	Unchanged int  `json:"unchanged"`
	LeftOut   int  `json:"left_out"`
	NotDone   int  `json:"not_done"` // of Created and Versions
}

func (s *syncing) sum() (n syncSum) {
	for _, st := range s.steps {
		switch st.Action {
		case actCreate:
			n.Created++
		case actVersion:
			n.Versions++
		case actUnchanged:
			n.Unchanged++
		default:
			n.LeftOut++
		}
	}
	return n
}

func (n syncSum) String() string {
	return fmt.Sprintf("%d to create, %d new version(s), %d unchanged, %d left out", n.Created, n.Versions, n.Unchanged, n.LeftOut)
}
