package bridge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/patchcord/patchcord/evi/account"
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

// look reads the account.
func (s *syncing) look(ctx context.Context) (err error) {
	s.tools, err = humeAsk(ctx, lookAgain, func() ([]account.Tool, error) { return s.hume.Tools(ctx) })
	if err == nil {
		s.prompts, err = humeAsk(ctx, lookAgain, func() ([]account.Prompt, error) { return s.hume.Prompts(ctx) })
	}
	var api *account.APIError
	switch {
	case errors.As(err, &api) && api.Gone():
		return s.c.noAPI(err)
	case err != nil:
		return s.c.humeTrouble(err)
	}
	s.configs = map[string]account.Configuration{}
	var problems []error
	for _, w := range s.want.configs {
		found, err := humeAsk(ctx, lookAgain, func() (account.Configuration, error) { return s.hume.Configuration(ctx, w.id) })
		var api *account.APIError
		switch {
		case errors.As(err, &api) && api.Gone(): // the lists were there
			problems = append(problems, s.c.file.problem("the account has no configuration "+w.id, "agents", w.agents[0], "evi", "config_id"))
		case err != nil:
			return s.c.humeTrouble(err)
		}
		s.configs[w.id] = found
	}
	if len(problems) > 0 {
		return &configError{problems}
	}
	return nil
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

// named are the ids that the configurations name.
func (s *syncing) named(id string) bool {
	for config := range maps.Values(s.configs) {
		if config.Prompt != nil && config.Prompt.ID == id || slices.ContainsFunc(config.Tools, func(r account.Ref) bool { return r.ID == id }) {
			return true
		}
	}
	return false
}

// pick finds the thing of the account that is meant. Of several with one name it is
// one that a configuration names, or else the oldest.
func pick[T any](all []T, fits func(T) bool, of func(T) (string, int64), named func(string) bool) (best T, found bool) {
	for _, t := range all {
		if !fits(t) {
			continue
		}
		id, created := of(t)
		bestID, bestCreated := of(best)
		better := cmp.Compare(created, bestCreated) < 0
		if named(id) != named(bestID) {
			better = named(id)
		}
		if !found || better {
			best, found = t, true
		}
	}
	return best, found
}

func (s *syncing) toolStep(w wantedTool, have account.Tool, found bool) syncStep {
	step := syncStep{Kind: "tool", Name: w.Name, Action: actCreate, Agents: w.agents}
	if found {
		s.refs["tool "+w.Name] = account.Ref{ID: have.ID, Version: have.Version, Name: w.Name}
		step.at(s.refs["tool "+w.Name])
		if step.Fields = w.Differences(have); len(step.Fields) == 0 {
			step.Action = actUnchanged
			return step
		}
		step.Action = actVersion
	}
	step.do = func(ctx context.Context) (account.Ref, error) {
		made, err := humeAsk(ctx, changeAgain, func() (account.Tool, error) {
			if found {
				return s.hume.AddToolVersion(ctx, have.ID, w.ToolSpec, syncNote)
			}
			return s.hume.CreateTool(ctx, w.ToolSpec, syncNote)
		})
		if account.Ambiguous(err) {
			made, err = s.lostTool(ctx, w, have, found, err)
		}
		return account.Ref{ID: made.ID, Version: made.Version, Name: w.Name}, err
	}
	return step
}

func (s *syncing) promptStep(w wantedPrompt, have account.Prompt, found bool) syncStep {
	step := syncStep{Kind: "prompt", Name: w.name, Action: actCreate, Agents: []string{w.agent}}
	if found {
		s.refs["prompt "+w.name] = account.Ref{ID: have.ID, Version: have.Version, Name: w.name}
		step.at(s.refs["prompt "+w.name])
		if have.Text == w.text {
			step.Action = actUnchanged
			return step
		}
		step.Action, step.Fields = actVersion, []string{"text"}
	}
	step.do = func(ctx context.Context) (account.Ref, error) {
		made, err := humeAsk(ctx, changeAgain, func() (account.Prompt, error) {
			if found {
				return s.hume.AddPromptVersion(ctx, have.ID, w.text, syncNote)
			}
			return s.hume.CreatePrompt(ctx, w.name, w.text, syncNote)
		})
		if account.Ambiguous(err) {
			made, err = s.lostPrompt(ctx, w, have, found, err)
		}
		return account.Ref{ID: made.ID, Version: made.Version, Name: w.name}, err
	}
	return step
}

// configStep compares a configuration with what it shall name, also with what is
// yet to be made.
func (s *syncing) configStep(w wantedConfig) syncStep {
	have := s.configs[w.id]
	step := syncStep{Kind: "configuration", Name: cmp.Or(have.Name, w.id), Action: actUnchanged, Agents: w.agents}
	step.at(account.Ref{ID: have.ID, Version: have.Version})
	pending := map[string]bool{}
	for _, st := range s.steps {
		pending[st.Kind+" "+st.Name] = st.changes()
	}
	var fields []string
	for _, name := range w.tools {
		ref, there := s.refs["tool "+name]
		switch at := slices.IndexFunc(have.Tools, func(r account.Ref) bool { return there && r.ID == ref.ID }); {
		case at < 0:
			fields = append(fields, "+ tool "+name)
		case pending["tool "+name] || have.Tools[at].Version != ref.Version:
			fields = append(fields, "~ tool "+name)
		}
	}
	if w.prompt != "" {
		ref, there := s.refs["prompt "+w.prompt]
		if !there || pending["prompt "+w.prompt] || have.Prompt == nil || have.Prompt.ID != ref.ID || have.Prompt.Version != ref.Version {
			fields = append(fields, "~ prompt "+w.prompt)
		}
	}
	for _, r := range have.Tools { // of others, or no longer on a list: they stay
		if !slices.ContainsFunc(w.tools, func(name string) bool { return s.refs["tool "+name].ID == r.ID }) {
			s.extra["tools in "+step.Name] = append(s.extra["tools in "+step.Name], cmp.Or(r.Name, r.ID))
		}
	}
	if len(fields) > 0 {
		step.Action, step.Fields = actVersion, fields
		step.do = func(ctx context.Context) (account.Ref, error) { return s.changeConfig(ctx, w) }
	}
	return step
}

// syncNote describes the versions that are made.
const syncNote = "bridge tools sync"

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
