package humesync

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/config"
)

// Fetch reads the account.
func (s *Sync) Fetch(ctx context.Context) (err error) {
	s.tools, err = ask(ctx, lookAgain, func() ([]hume.Tool, error) { return s.hume.Tools(ctx) })
	if err == nil {
		s.prompts, err = ask(ctx, lookAgain, func() ([]hume.Prompt, error) { return s.hume.Prompts(ctx) })
	}
	var api *hume.APIError
	switch {
	case errors.As(err, &api) && api.Gone():
		return noAPI(s.c, err)
	case err != nil:
		return explain(s.c, err)
	}
	s.configs = map[string]hume.Configuration{}
	var problems []error
	for _, w := range s.want.configs {
		found, err := ask(ctx, lookAgain, func() (hume.Configuration, error) { return s.hume.Configuration(ctx, w.id) })
		var api *hume.APIError
		switch {
		case errors.As(err, &api) && api.Gone(): // the lists were there
			problems = append(problems, s.c.File.Problem("not in the account: configuration "+w.id, "agents", w.agents[0], "evi", "config_id"))
		case err != nil:
			return explain(s.c, err)
		}
		s.configs[w.id] = found
	}
	if len(problems) > 0 {
		return &config.Error{Problems: problems}
	}
	return nil
}

// named are the ids that the configurations name.
func (s *Sync) named(id string) bool {
	for config := range maps.Values(s.configs) {
		if config.Prompt != nil && config.Prompt.ID == id || slices.ContainsFunc(config.Tools, func(r hume.Ref) bool { return r.ID == id }) {
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
