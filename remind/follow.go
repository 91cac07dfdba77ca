package remind

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// follow finds out what became of the call of a reminder that is Calling.
func (s *Service) follow(ctx context.Context, v View) (time.Duration, error) {
	a := v.Last
	if a == nil {
		return 0, errors.New("remind: internal error: a reminder is calling without an attempt")
	}
	age := s.now().Sub(a.ClaimedAt)
	if a.Fate == Open && age < s.policy.Orphaned {
		return s.policy.Orphaned - age, nil // whoever claimed it may still be at it
	}
	c, err := s.cfg.Calls.Get(ctx, a.CallID)
	switch {
	case errors.Is(err, calllog.ErrNotFound):
		return s.missing(ctx, v, age)
	case err != nil:
		return 0, err
	case c.Outcome == "":
		if a.Fate == Open {
			return s.settle(ctx, v, Settlement{ID: v.ID, Attempt: a.Number, Fate: Placed, Counts: true,
				State: State{Status: Calling, NextAt: s.now().Add(s.policy.Poll)}})
		}
		return s.policy.Poll, nil
	}
	return s.ended(ctx, v, c)
}

// missing is for an attempt of which the call log knows nothing: the ledger says
// whether there can have been a call.
func (s *Service) missing(ctx context.Context, v View, age time.Duration) (time.Duration, error) {
	a := v.Last
	p, err := s.permitOf(ctx, v)
	if err != nil {
		return 0, err
	}
	switch {
	case a.Fate == Open && p == permitNone:
		return s.settle(ctx, v, Settlement{ID: v.ID, Attempt: a.Number, Fate: Nothing,
			State: State{Status: Scheduled, NextAt: s.now(), Reason: "a worker stopped before it placed the call"}})
	case p == permitReleased:
		return s.settle(ctx, v, s.failed(v, "a call failed before the telephone rang"))
	case age < s.policy.Lost: // the log is written in the background, and may be behind
		return s.policy.Soon, nil
	}
	return s.settle(ctx, v, Settlement{ID: v.ID, Attempt: a.Number, Fate: Unknown, Counts: true,
		State: State{Status: GaveUp, Reason: fmt.Sprintf("attempt %d may have rung and its result is unknown: not retried", a.Number)}})
}

// ended decides what follows from how a call ended.
func (s *Service) ended(ctx context.Context, v View, c calllog.Call) (time.Duration, error) {
	if c.Failure != nil && c.Failure.Cause == calllog.CauseNumber {
		return s.settle(ctx, v, s.hopeless(v, c))
	}
	if c.Outcome == calllog.OutcomeFailed && c.AnsweredAt == nil {
		p, err := s.permitOf(ctx, v)
		if err != nil {
			return 0, err
		}
		switch {
		case p == permitReleased:
			return s.settle(ctx, v, s.failed(v, "a call failed before the telephone rang"))
		case p == permitMinted && s.now().Sub(v.Last.ClaimedAt) < s.policy.Orphaned:
			return s.policy.Soon, nil // the ledger will tell whether it rang
		}
	}
	return s.settle(ctx, v, Settlement{ID: v.ID, Attempt: v.Last.Number, Fate: Placed, Outcome: c.Outcome, Counts: true, State: s.after(v, c)})
}

// hopeless is for a call to a number that the carrier will never reach.
func (s *Service) hopeless(v View, c calllog.Call) Settlement {
	code := fmt.Sprintf("error %d", c.Failure.Code)
	if c.Failure.Code == 0 {
		code = fmt.Sprintf("SIP response %d", c.Failure.SIP)
	}
	return Settlement{ID: v.ID, Attempt: v.Last.Number, Fate: Placed, Outcome: c.Outcome, Void: true,
		State: State{Status: GaveUp, Reason: fmt.Sprintf("the carrier permanently refuses the number (%s)", code)}}
}

// after is what a reminder comes to when its call has ended.
func (s *Service) after(v View, c calllog.Call) State {
	made := v.Attempts
	if v.Last.Fate == Open { // it counts from now on
		made++
	}
	switch {
	case c.Outcome == calllog.OutcomeFailed && c.AnsweredAt != nil:
		return State{Status: GaveUp, Reason: "the call failed after it was answered: not retried"}
	case !unanswered(c):
		return State{Status: Done, Reason: "the call ended: " + c.Outcome}
	case made >= s.policy.Attempts:
		return State{Status: GaveUp, Reason: fmt.Sprintf("called %d times; the last call ended: %s", made, c.Outcome)}
	}
	return State{Status: Scheduled, NextAt: s.now().Add(s.policy.backoff(made) + s.policy.spread()), Reason: "the last call ended: " + c.Outcome}
}

// unanswered tells whether nobody, nor a machine, took a call that has ended.
func unanswered(c calllog.Call) bool {
	switch c.Outcome {
	case calllog.OutcomeNoAnswer, calllog.OutcomeBusy:
		return true
	}
	return c.Outcome == calllog.OutcomeFailed && c.AnsweredAt == nil
}

// failed is for a call that rang nowhere: it counts as none, but not for ever.
func (s *Service) failed(v View, reason string) Settlement {
	settled := Settlement{ID: v.ID, Attempt: v.Last.Number, Fate: Placed, Outcome: calllog.OutcomeFailed, Void: true,
		State: State{Status: Scheduled, NextAt: s.now().Add(s.policy.FailureDelay + s.policy.spread()), Reason: reason}}
	if v.Voids+1 >= s.policy.Failures {
		settled.State = State{Status: GaveUp, Reason: fmt.Sprintf("%d times %s", v.Voids+1, reason)}
	}
	return settled
}

// reread looks again at the last call before another is placed: a call that its
// instance lost, and somebody closed as failed, may have been answered after all.
func (s *Service) reread(ctx context.Context, v View) (answered bool, next time.Duration, err error) {
	c, err := s.cfg.Calls.Get(ctx, v.Last.CallID)
	switch {
	case errors.Is(err, calllog.ErrNotFound):
		return false, 0, nil
	case err != nil:
		return false, 0, err
	case c.Outcome == "":
		next, err = s.move(ctx, v, State{Status: v.Status, NextAt: s.now().Add(s.policy.Poll), Holds: v.Holds, Reason: "its last call is live after all"})
		return true, next, err
	case unanswered(c):
		return false, 0, nil
	}
	next, err = s.move(ctx, v, s.after(v, c))
	return true, next, err
}

// What the ledger says of an attempt's permit.
type permitState int

const (
	permitNone     permitState = iota // the gate never let it pass
	permitMinted                      // it may have rung
	permitReleased                    // no telephone rang
	permitEnded                       // it rang
)

// permitOf looks the last attempt's permit up in the ledger. Nothing rings without
// one, and its call's id is that of the attempt.
func (s *Service) permitOf(ctx context.Context, v View) (permitState, error) {
	snapshots, err := s.cfg.Ledger.Snapshot(ctx, v.Order.To)
	if err != nil {
		return 0, fmt.Errorf("remind: look up an attempt in the ledger: %w", err)
	}
	state := permitNone
	for _, f := range snapshots[0].Facts {
		if f.Type != consent.Permitted || f.CallID != v.Last.CallID {
			continue
		}
		switch f.PermitStatus {
		case consent.PermitReleased:
			state = permitReleased
		case consent.PermitEnded:
			state = permitEnded
		default:
			state = max(state, permitMinted)
		}
	}
	return state, nil
}
