package humesync

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/hume"
)

// Apply does the steps that write, one after the other, until one fails. Each step
// that is done notes what it made and is told to made; done is how many were.
func (s *Sync) Apply(ctx context.Context, made func()) (done int, err error) {
	for i := range s.Steps {
		st := &s.Steps[i]
		if st.do == nil {
			continue
		}
		if ctx.Err() != nil {
			return done, errors.New("interrupted")
		}
		ref, err := st.do(ctx)
		if err != nil {
			return done, fmt.Errorf("%s %s: %w", st.Kind, st.Name, explain(s.c, err))
		}
		st.at(ref)
		s.refs[st.Kind+" "+st.Name] = ref
		done++
		made()
	}
	return done, nil
}

// lostTool finds out whether a tool was made whose answer was lost.
func (s *Sync) lostTool(ctx context.Context, w wantedTool, had hume.Tool, there bool, lost error) (hume.Tool, error) {
	all, err := findCreated(ctx, s.hume.Tools)
	for _, t := range all {
		if t.Name == w.Name && (!there || t.ID == had.ID && t.Version > had.Version) && len(w.Differences(t)) == 0 {
			return t, nil
		}
	}
	return hume.Tool{}, unclear(lost, err)
}

// lostPrompt finds out whether a prompt was made whose answer was lost.
func (s *Sync) lostPrompt(ctx context.Context, w wantedPrompt, had hume.Prompt, there bool, lost error) (hume.Prompt, error) {
	all, err := findCreated(ctx, s.hume.Prompts)
	for _, p := range all {
		if p.Name == w.name && (!there || p.ID == had.ID && p.Version > had.Version) && p.Text == w.text {
			return p, nil
		}
	}
	return hume.Prompt{}, unclear(lost, err)
}

// findWait bounds the look for what a lost answer may have been about.
const findWait = 30 * time.Second

// findCreated looks, also when ctx has ended.
func findCreated[T any](ctx context.Context, look func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), findWait)
	defer cancel()
	return ask(ctx, lookAgain, func() (T, error) { return look(ctx) })
}

// unclear is an error of a change that may be made yet; look is of the look for it.
func unclear(lost, look error) error {
	if look != nil {
		return fmt.Errorf("%w; it may have been created, so the request was not repeated", lost)
	}
	return fmt.Errorf("%w; it is not in the account, and the request was not repeated", lost)
}

// changeConfig adds a version to a configuration. It is read again right before, for
// somebody may have changed it since the plan was made.
func (s *Sync) changeConfig(ctx context.Context, w wantedConfig) (hume.Ref, error) {
	read := func(ctx context.Context) (hume.Configuration, error) { return s.hume.Configuration(ctx, w.id) }
	now, err := ask(ctx, lookAgain, func() (hume.Configuration, error) { return read(ctx) })
	if err != nil {
		return hume.Ref{}, err
	}
	change := hume.Change{Note: note}
	for _, name := range w.tools {
		change.Tools = append(change.Tools, s.refs["tool "+name])
	}
	if w.prompt != "" {
		ref := s.refs["prompt "+w.prompt]
		change.Prompt = &ref
	}
	as := func(c hume.Configuration) (hume.Ref, bool) {
		tools, prompt := c.Missing(change)
		return hume.Ref{ID: c.ID, Version: c.Version, Name: c.Name}, len(tools) == 0 && !prompt
	}
	if ref, right := as(now); right {
		return ref, nil
	}
	made, err := humeChange(ctx, func(ctx context.Context) (hume.Configuration, error) {
		return s.hume.AddConfigurationVersion(ctx, now, change)
	})
	if hume.Ambiguous(err) {
		lost := err
		made, err = findCreated(ctx, read)
		if _, right := as(made); err != nil || !right {
			return hume.Ref{}, unclear(lost, err)
		}
	}
	ref, _ := as(made)
	return ref, err
}
