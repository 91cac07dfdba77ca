package bridge

import (
	"cmp"
	"context"
	"slices"

	account "github.com/patchcord/patchcord/hume"
)

// syncNote describes the versions that are made.
const syncNote = "bridge tools sync"

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
		made, err := humeChange(ctx, func(ctx context.Context) (account.Tool, error) {
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
		made, err := humeChange(ctx, func(ctx context.Context) (account.Prompt, error) {
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
