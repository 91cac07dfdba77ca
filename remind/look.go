package remind

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// final is the time to the next look at a reminder that needs none.
const final time.Duration = -1

// look does what is to be done about a reminder now, and returns in how long to
// look again. It may be called any number of times, by anyone.
func (s *Service) look(ctx context.Context, id string) (time.Duration, error) {
	v, err := s.store.View(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return final, nil
	case err != nil:
		return 0, err
	case !v.Status.Live():
		return final, nil
	case v.Status == Calling:
		return s.follow(ctx, v)
	}
	now := s.now()
	if until := v.Due.Add(s.policy.GiveUp); !now.Before(until) {
		return s.move(ctx, v, State{Status: GaveUp, Reason: tooLate(v.Due, s.policy.GiveUp, v.Reason)})
	}
	if wait := v.NextAt.Sub(now); wait > 0 {
		return wait, nil
	}
	if v.Last != nil && v.Last.Fate == Placed {
		if answered, next, err := s.reread(ctx, v); answered || err != nil {
			return next, err
		}
	}
	if until := s.breakers.until(v.Order.Agent, v.PausedUntil); until.After(now) {
		return s.rest(ctx, v, until)
	}
	return s.place(ctx, v)
}

// rest leaves a reminder as it is while the calls of its agent rest.
func (s *Service) rest(ctx context.Context, v View, until time.Time) (time.Duration, error) {
	return s.move(ctx, v, State{Status: v.Status, NextAt: until.Add(s.policy.spread()), Holds: v.Holds, Rules: v.Rules,
		Reason: fmt.Sprintf("agent %s places no calls until %s: calls fail at the carrier", v.Order.Agent, until.UTC().Format(time.RFC3339))})
}

// move gives a reminder that is not calling another state.
func (s *Service) move(ctx context.Context, v View, to State) (time.Duration, error) {
	moved, err := s.store.Move(ctx, v.ID, to)
	switch {
	case err != nil:
		return 0, err
	case !moved: // it has ended meanwhile, or is calling
		return s.policy.Soon, nil
	}
	s.tell(v, to)
	return s.until(to), nil
}

// until is when to look again at a reminder that has taken a state.
func (s *Service) until(to State) time.Duration {
	if !to.Status.Live() {
		return final
	}
	return max(0, to.NextAt.Sub(s.now()))
}

// tell logs what a reminder has come to. Reasons are the gate's and ours: they name
// no one.
func (s *Service) tell(v View, to State) {
	e := s.log.Info()
	if to.Status == GaveUp {
		e = s.log.Warn()
	}
	e = e.Str("reminder", v.ID).Str("agent", v.Order.Agent).Str("status", string(to.Status))
	if len(to.Rules) > 0 {
		e = e.Strs("rules", to.Rules)
	}
	e.Msg("reminder status changed")
}

func tooLate(due time.Time, patience time.Duration, last string) string {
	text := fmt.Sprintf("due at %s, but not placed within %s", due.UTC().Format(time.RFC3339), span(patience))
	if last != "" {
		text += "; the last reason: " + last
	}
	return text
}

// span is a duration as people say it.
func span(d time.Duration) string {
	if d >= 48*time.Hour {
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return d.String()
}
