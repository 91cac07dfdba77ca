package remind

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
)

// place claims the next attempt of a reminder that is due and asks for its call.
func (s *Service) place(ctx context.Context, v View) (time.Duration, error) {
	if s.now().UnixNano() < s.idleUntil.Load() {
		return s.policy.Soon + s.policy.spread()/4, nil
	}
	d, checked := s.check(ctx, v.Order)
	if checked && unchanged(v, d, s.now()) { // nothing new to write down: the ledger has it
		return s.move(ctx, v, s.denied(v, d))
	}
	waited, err := !checked || d.Outcome == consent.Allow, error(nil)
	if waited {
		err = s.turn(ctx)
	}
	switch {
	case errors.Is(err, ErrNoSlot), s.work.Err() != nil:
		return s.policy.Soon + s.policy.spread()/4, nil
	case err != nil:
		return 0, err
	}
	if waited { // the others will ring nowhere
		if until := s.breakers.enter(v.Order.Agent); until.After(s.now()) { // it opened while this one waited
			return s.rest(ctx, v, until)
		}
	}
	order := v.Order
	order.ID = "call_" + strings.ToLower(rand.Text())
	n, err := s.store.Claim(ctx, v.ID, order.ID, s.now())
	if err != nil {
		return 0, err
	}
	if n == 0 { // cancelled meanwhile, or somebody else has it
		return s.policy.Soon, nil
	}
	settled := Settlement{ID: v.ID, Attempt: n}

	placing, cancel := context.WithTimeout(ctx, s.policy.Place)
	placed, decision, err := s.cfg.Placer.Place(placing, order)
	cancel()
	if err == nil {
		settled.CallID, settled.Fate, settled.Counts = placed.ID, Placed, true
		settled.State = State{Status: Calling, NextAt: s.now().Add(s.policy.Poll)}
	} else {
		to, sure := s.refusal(v, decision, err)
		if !sure {
			s.log.Error().Err(err).Str("reminder", v.ID).Int("attempt", n).Msg("no answer whether a call was placed; searching for the call")
			return s.policy.Orphaned, nil
		}
		settled.Fate, settled.State = Nothing, to
	}
	if settled.Fate == Placed && !waited { // the gate has changed its mind since it was checked
		if err := s.cfg.Line.TakeSlot(ctx, false); err != nil {
			s.log.Warn().Err(err).Msg("call not counted toward the account's rate")
		}
	}
	return s.settle(ctx, v, settled)
}

// idle lets this instance place nothing for a moment, since all would go the same way.
func (s *Service) idle() { s.idleUntil.Store(s.now().Add(s.policy.Soon).UnixNano()) }

// settle writes down what became of an attempt, also while the service stops.
func (s *Service) settle(ctx context.Context, v View, settled Settlement) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	applied, err := s.store.Settle(ctx, settled)
	switch {
	case err != nil:
		return 0, err
	case !applied: // somebody was quicker, such as the end of the call
		return s.policy.Soon, nil
	}
	s.tell(v, settled.State)
	return s.until(settled.State), nil
}

// check asks the gate without writing anything. It is not ok if nobody, or nothing
// reliable, answers: then the gate is asked again, and says why.
func (s *Service) check(ctx context.Context, o call.Order) (d consent.Decision, ok bool) {
	if s.cfg.Check == nil {
		return d, false
	}
	d, err := s.cfg.Check(ctx, o)
	return d, err == nil
}

// unchanged tells whether a decision is the one that a reminder has waited for to
// change: it stands as it stood, by the same rules.
func unchanged(v View, d consent.Decision, now time.Time) bool {
	rules, _ := explain(d)
	return v.Status != Scheduled && v.Status == standing(d, now) && slices.Equal(sorted(rules), sorted(v.Rules))
}

func sorted(rules []string) []string { return slices.Compact(slices.Sorted(slices.Values(rules))) }

// turn waits for a call's place among the account's.
func (s *Service) turn(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.work, cancel)()
	return s.cfg.Line.TakeSlot(ctx, true)
}

// refusal is what a reminder comes to whose call was not placed. It is not sure if a
// call may have been placed all the same.
func (s *Service) refusal(v View, d consent.Decision, err error) (to State, sure bool) {
	now := s.now()
	var denied *consent.DeniedError
	var ledger *consent.LedgerError
	var order *call.OrderError
	switch {
	case errors.As(err, &denied):
		if d.Outcome == "" {
			d = denied.Decision
		}
		return s.denied(v, d), true
	case errors.As(err, &ledger):
		s.idle()
		return State{Status: v.Status, NextAt: now.Add(s.policy.Soon), Holds: v.Holds, Rules: v.Rules, Reason: "the consent ledger is unavailable: no calls until it is back"}, true
	case errors.As(err, &order):
		return s.held(v, order.Error(), nil), true
	case errors.Is(err, call.ErrDraining), errors.Is(err, call.ErrFull):
		s.idle()
		return State{Status: v.Status, NextAt: now.Add(s.policy.Soon), Holds: v.Holds, Rules: v.Rules, Reason: "this instance accepts no more calls; another one may"}, true
	case errors.Is(err, call.ErrNoGate):
		return s.held(v, "the service can't place calls: it has no consent gate or no Twilio account", nil), true
	}
	return State{}, false
}

// denied is what a reminder comes to that the gate did not let pass.
func (s *Service) denied(v View, d consent.Decision) State {
	rules, reason := explain(d)
	switch standing(d, s.now()) {
	case Refused:
		return State{Status: Refused, Reason: reason, Rules: rules}
	case Deferred:
		at := d.NotBefore.Add(s.policy.spread())
		if until := v.Due.Add(s.policy.GiveUp); at.After(until) {
			return State{Status: GaveUp, Reason: tooLate(v.Due, s.policy.GiveUp, reason), Rules: rules}
		}
		return State{Status: Deferred, NextAt: at, Reason: reason, Rules: rules}
	}
	return s.held(v, reason, rules)
}

// standing is how a reminder stands by a decision that lets no call through.
func standing(d consent.Decision, now time.Time) Status {
	switch {
	case d.Outcome == consent.Deny:
		return Refused
	case d.Outcome == consent.Defer && d.NotBefore != nil && d.NotBefore.After(now):
		return Deferred
	case d.Outcome == consent.Allow:
		return Calling
	}
	return Held
}

// held is what a reminder comes to for which a fact is missing.
func (s *Service) held(v View, reason string, rules []string) State {
	if v.Holds+1 >= s.policy.Holds {
		return State{Status: GaveUp, Reason: fmt.Sprintf("held %d times; the last reason: %s", v.Holds+1, reason), Rules: rules}
	}
	return State{Status: Held, NextAt: s.now().Add(s.policy.Hold + s.policy.spread()), Holds: v.Holds + 1, Reason: reason, Rules: rules}
}

// explain is the rules that stood in the way, and what they say. Their reasons name
// no one.
func explain(d consent.Decision) (rules []string, reason string) {
	const longest = 2000 // bytes of the reason
	var text strings.Builder
	for _, r := range d.Failing() {
		rules = append(rules, r.Rule)
		if text.Len()+len(r.Reason) > longest {
			continue
		}
		if text.Len() > 0 {
			text.WriteString("; ")
		}
		text.WriteString(r.Rule + ": " + r.Reason)
	}
	if text.Len() == 0 {
		return rules, fmt.Sprintf("the gate says %s", d.Outcome)
	}
	return rules, text.String()
}
