package humesync

import (
	"cmp"
	"context"
	"slices"

	"github.com/patchcord/patchcord/hume"
)

// note describes the versions that are made.
const note = "bridge tools sync"

func (s *Sync) toolStep(w wantedTool, have hume.Tool, found bool) Step {
	step := Step{Kind: "tool", Name: w.Name, Action: Create, Agents: w.agents}
	if found {
		s.refs["tool "+w.Name] = hume.Ref{ID: have.ID, Version: have.Version, Name: w.Name}
		step.at(s.refs["tool "+w.Name])
		if step.Fields = w.Differences(have); len(step.Fields) == 0 {
			step.Action = Unchanged
			return step
		}
		step.Action = NewVersion
	}
	step.do = func(ctx context.Context) (hume.Ref, error) {
		made, err := humeChange(ctx, func(ctx context.Context) (hume.Tool, error) {
			if found {
				return s.hume.AddToolVersion(ctx, have.ID, w.ToolSpec, note)
			}
			return s.hume.CreateTool(ctx, w.ToolSpec, note)
		})
		if hume.Ambiguous(err) {
			made, err = s.lostTool(ctx, w, have, found, err)
		}
		return hume.Ref{ID: made.ID, Version: made.Version, Name: w.Name}, err
	}
	return step
}

func (s *Sync) promptStep(w wantedPrompt, have hume.Prompt, found bool) Step {
	step := Step{Kind: "prompt", Name: w.name, Action: Create, Agents: []string{w.agent}}
	if found {
		s.refs["prompt "+w.name] = hume.Ref{ID: have.ID, Version: have.Version, Name: w.name}
		step.at(s.refs["prompt "+w.name])
		if have.Text == w.text {
			step.Action = Unchanged
			return step
		}
		step.Action, step.Fields = NewVersion, []string{"text"}
	}
	step.do = func(ctx context.Context) (hume.Ref, error) {
		made, err := humeChange(ctx, func(ctx context.Context) (hume.Prompt, error) {
			if found {
				return s.hume.AddPromptVersion(ctx, have.ID, w.text, note)
			}
			return s.hume.CreatePrompt(ctx, w.name, w.text, note)
		})
		if hume.Ambiguous(err) {
			made, err = s.lostPrompt(ctx, w, have, found, err)
		}
		return hume.Ref{ID: made.ID, Version: made.Version, Name: w.name}, err
	}
	return step
}

// configStep compares a configuration with what it shall name, also with what is
// yet to be made.
func (s *Sync) configStep(w wantedConfig) Step {
	have := s.configs[w.id]
	step := Step{Kind: "configuration", Name: cmp.Or(have.Name, w.id), Action: Unchanged, Agents: w.agents}
	step.at(hume.Ref{ID: have.ID, Version: have.Version})
	pending := map[string]bool{}
	for _, st := range s.Steps {
		pending[st.Kind+" "+st.Name] = st.Changes()
	}
	var fields []string
	for _, name := range w.tools {
		ref, there := s.refs["tool "+name]
		switch at := slices.IndexFunc(have.Tools, func(r hume.Ref) bool { return there && r.ID == ref.ID }); {
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
			s.Extra["tools in "+step.Name] = append(s.Extra["tools in "+step.Name], cmp.Or(r.Name, r.ID))
		}
	}
	if len(fields) > 0 {
		step.Action, step.Fields = NewVersion, fields
		step.do = func(ctx context.Context) (hume.Ref, error) { return s.changeConfig(ctx, w) }
	}
	return step
}
