package humesync

import (
	"context"
	"fmt"
	"slices"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/config"
)

// What a step does.
const (
	Create     = "create"
	NewVersion = "version"
	Unchanged  = "unchanged"
	LeftOut    = "left_out"
)

// Step is one line of the plan.
type Step struct {
	Kind   string   `json:"kind"` // tool, prompt, configuration
	Name   string   `json:"name"`
	Action string   `json:"action"`
	Fields []string `json:"fields,omitempty"` // that differ
	Why    string   `json:"why,omitempty"`    // of what is left out
	Agents []string `json:"agents,omitempty"`
	ID     string   `json:"id,omitempty"` // in the account, once it is there
	At     *int     `json:"version,omitempty"`

	do func(context.Context) (hume.Ref, error) // nil where nothing is to be done
}

// Changes tells whether the step writes.
func (s *Step) Changes() bool { return s.Action == Create || s.Action == NewVersion }

// at notes where the thing is.
func (s *Step) at(r hume.Ref) { s.ID, s.At = r.ID, &r.Version }

// Sync is one run: what bridge.yaml wants, what the account has, and the steps from one to the other.
type Sync struct {
	c    *config.Config
	hume *hume.Client
	want *wanted

	tools   []hume.Tool // of the account
	prompts []hume.Prompt
	configs map[string]hume.Configuration // that agents name

	refs  map[string]hume.Ref // of what is there, and, as it is made, of what is made: by kind and name
	Steps []Step
	Extra map[string][]string // what the account has beside, by kind
}

// New begins a run for one agent of bridge.yaml, or for all of them if agent is empty. It asks nobody yet; the caller
// closes it.
func New(c *config.Config, agent string) (*Sync, error) {
	want, err := desired(c, agent)
	if err != nil {
		return nil, err
	}
	client, err := newClient(c)
	if err != nil {
		return nil, err
	}
	return &Sync{c: c, hume: client, want: want}, nil
}

// Close gives the connections back.
func (s *Sync) Close() { s.hume.Close() }

// Address is where the account is.
func (s *Sync) Address() string { return s.c.HumeAPIURL }

// Plan works out the steps, in the order in which they have to be done: a
// configuration names versions that are there.
func (s *Sync) Plan() {
	s.refs, s.Extra = map[string]hume.Ref{}, map[string][]string{}
	taken := map[string]bool{}
	for _, w := range s.want.tools {
		have, found := pick(s.tools, func(t hume.Tool) bool { return t.Name == w.Name }, func(t hume.Tool) (string, int64) { return t.ID, t.Created }, s.named)
		taken[have.ID] = found
		s.Steps = append(s.Steps, s.toolStep(w, have, found))
	}
	for _, w := range s.want.prompts {
		have, found := pick(s.prompts, func(p hume.Prompt) bool { return p.Name == w.name }, func(p hume.Prompt) (string, int64) { return p.ID, p.Created }, s.named)
		taken[have.ID] = found
		s.Steps = append(s.Steps, s.promptStep(w, have, found))
	}
	for _, w := range s.want.configs {
		s.Steps = append(s.Steps, s.configStep(w))
	}
	s.Steps = append(s.Steps, s.want.out...)
	for _, t := range s.tools {
		s.beside("tools", t.Name, taken[t.ID])
	}
	for _, p := range s.prompts {
		s.beside("prompts", p.Name, taken[p.ID])
	}
}

// beside notes what the account has and bridge.yaml does not.
func (s *Sync) beside(kind, name string, taken bool) {
	switch {
	case taken:
	case !s.want.known[name]:
		s.Extra[kind] = append(s.Extra[kind], name)
	case slices.ContainsFunc(s.Steps, func(st Step) bool { return st.Name == name }):
		s.Extra[kind] = append(s.Extra[kind], name+" (another one with this name)")
	}
}

// Summary counts the steps by what they do.
type Summary struct {
	DryRun    bool `json:"dry_run,omitempty"`
	Created   int  `json:"created"`
	Versions  int  `json:"versions"`
	Unchanged int  `json:"unchanged"`
	LeftOut   int  `json:"left_out"`
	NotDone   int  `json:"not_done"` // of Created and Versions
}

// Summary counts the steps of the plan.
func (s *Sync) Summary() (n Summary) {
	for _, st := range s.Steps {
		switch st.Action {
		case Create:
			n.Created++
		case NewVersion:
			n.Versions++
		case Unchanged:
			n.Unchanged++
		default:
			n.LeftOut++
		}
	}
	return n
}

// String is the counts as a person reads them.
func (n Summary) String() string {
	return fmt.Sprintf("%d to create, %d new version(s), %d unchanged, %d left out", n.Created, n.Versions, n.Unchanged, n.LeftOut)
}
