package bridge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	account "github.com/patchcord/patchcord/hume"
)

// apply does the steps that write, one after the other, until one fails. Each step
// that is done notes what it made; done is how many were.
func (s *syncing) apply(ctx context.Context, quiet bool) (done int, err error) {
	n := s.sum()
	var bar *progressbar.ProgressBar
	if !quiet && term.IsTerminal(int(os.Stderr.Fd())) {
		bar = progressbar.NewOptions(n.Created+n.Versions, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("syncing"),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
		defer func() { _ = bar.Finish() }() // it is only for the eye
	}
	for i := range s.steps {
		st := &s.steps[i]
		if st.do == nil {
			continue
		}
		if ctx.Err() != nil {
			return done, errors.New("interrupted")
		}
		ref, err := st.do(ctx)
		if err != nil {
			return done, fmt.Errorf("%s %s: %w", st.Kind, st.Name, s.c.humeTrouble(err))
		}
		st.at(ref)
		s.refs[st.Kind+" "+st.Name] = ref
		done++
		if bar != nil {
			_ = bar.Add(1) // likewise
		}
	}
	return done, nil
}

// lostTool finds out whether a tool was made whose answer was lost.
func (s *syncing) lostTool(ctx context.Context, w wantedTool, had account.Tool, there bool, lost error) (account.Tool, error) {
	all, err := humeFind(ctx, s.hume.Tools)
	for _, t := range all {
		if t.Name == w.Name && (!there || t.ID == had.ID && t.Version > had.Version) && len(w.Differences(t)) == 0 {
			return t, nil
		}
	}
	return account.Tool{}, unclear(lost, err)
}

// lostPrompt finds out whether a prompt was made whose answer was lost.
func (s *syncing) lostPrompt(ctx context.Context, w wantedPrompt, had account.Prompt, there bool, lost error) (account.Prompt, error) {
	all, err := humeFind(ctx, s.hume.Prompts)
	for _, p := range all {
		if p.Name == w.name && (!there || p.ID == had.ID && p.Version > had.Version) && p.Text == w.text {
			return p, nil
		}
	}
	return account.Prompt{}, unclear(lost, err)
}

// findWait bounds the look for what a lost answer may have been about.
const findWait = 30 * time.Second

// humeFind looks, also when ctx has ended.
func humeFind[T any](ctx context.Context, look func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), findWait)
	defer cancel()
	return humeAsk(ctx, lookAgain, func() (T, error) { return look(ctx) })
}

// unclear is an error of a change that may be made yet; look is of the look for it.
func unclear(lost, look error) error {
	if look != nil {
		return fmt.Errorf("%w; whether it was made is not known, and it was not asked for twice", lost)
	}
	return fmt.Errorf("%w; it is not in the account now, and was not asked for twice", lost)
}

// changeConfig adds a version to a configuration. It is read again right before, for
// somebody may have changed it since the plan was made.
func (s *syncing) changeConfig(ctx context.Context, w wantedConfig) (account.Ref, error) {
	read := func(ctx context.Context) (account.Configuration, error) { return s.hume.Configuration(ctx, w.id) }
	now, err := humeAsk(ctx, lookAgain, func() (account.Configuration, error) { return read(ctx) })
	if err != nil {
		return account.Ref{}, err
	}
	change := account.Change{Note: syncNote}
	for _, name := range w.tools {
		change.Tools = append(change.Tools, s.refs["tool "+name])
	}
	if w.prompt != "" {
		ref := s.refs["prompt "+w.prompt]
		change.Prompt = &ref
	}
	as := func(c account.Configuration) (account.Ref, bool) {
		tools, prompt := c.Missing(change)
		return account.Ref{ID: c.ID, Version: c.Version, Name: c.Name}, len(tools) == 0 && !prompt
	}
	if ref, right := as(now); right {
		return ref, nil
	}
	made, err := humeChange(ctx, func(ctx context.Context) (account.Configuration, error) {
		return s.hume.AddConfigurationVersion(ctx, now, change)
	})
	if account.Ambiguous(err) {
		lost := err
		made, err = humeFind(ctx, read)
		if _, right := as(made); err != nil || !right {
			return account.Ref{}, unclear(lost, err)
		}
	}
	ref, _ := as(made)
	return ref, err
}
