package remind

import (
	"context"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// breakers let the calls of an agent rest while the carrier fails. Each instance counts
// what its own calls meet; a rest holds for all of them.
//
// A rest begins when BreakAfter of the last BreakOf calls failed, and lasts for Rest.
// Then one call is let through, and each Probe another, until one of them tells: if the
// carrier did its part, all may go, and the count begins anew; if not, there is another
// rest. What was asked for before a rest and is heard during it changes nothing.
type breakers struct {
	policy Policy
	now    func() time.Time
	opened func(Pause) // with the lock held

	mu sync.Mutex
	of map[string]*breaker // by agent
}

type breaker struct {
	circuitbreaker.CircuitBreaker[any]
	last  error     // why the newest call failed
	probe time.Time // until then one call is tried, and no other
}

func newBreakers(p Policy, now func() time.Time, opened func(Pause)) *breakers {
	return &breakers{policy: p, now: now, opened: opened, of: map[string]*breaker{}}
}

// get is an agent's breaker. b.mu is held.
func (b *breakers) get(agent string) *breaker {
	if c, ok := b.of[agent]; ok {
		return c
	}
	c := &breaker{}
	c.CircuitBreaker = circuitbreaker.NewBuilder[any]().
		WithFailureThresholdRatio(b.policy.BreakAfter, b.policy.BreakOf).WithSuccessThreshold(1).WithDelay(b.policy.Rest).
		OnOpen(func(circuitbreaker.StateChangedEvent) {
			b.opened(Pause{Agent: agent, Until: b.now().Add(b.policy.Rest).UTC(), Reason: "too many recent calls failed at the carrier; the last one: " + c.last.Error()})
		}).Build()
	b.of[agent] = c
	return c
}

// until is until when an agent rests, by this instance's breaker or by paused, which
// any instance may have set. Zero, or past, if it doesn't.
func (b *breakers) until(agent string, paused time.Time) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	own := b.get(agent).rests(b.now())
	if own.After(paused) {
		return own
	}
	return paused
}

// rests is until when a breaker lets nothing through.
func (c *breaker) rests(now time.Time) time.Time {
	switch {
	case c.IsClosed():
		return time.Time{}
	case c.IsOpen() && c.RemainingDelay() > 0:
		return now.Add(c.RemainingDelay())
	}
	return c.probe
}

// enter is until when an agent rests, for a call that is about to be placed: if that is
// not in the future, the call may be, and after a rest it is the one that is tried.
func (b *breakers) enter(agent string) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	c := b.get(agent)
	until := c.rests(now)
	if !c.IsClosed() && !until.After(now) {
		c.probe = now.Add(b.policy.Probe)
	}
	return until
}

// heard takes note of how the carrier did with a call.
func (b *breakers) heard(agent string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	c := b.get(agent)
	if c.IsOpen() && !c.TryAcquirePermit() { // it was placed before the rest
		return
	}
	c.probe = time.Time{}
	if err != nil {
		c.last = err
		c.RecordFailure()
		return
	}
	c.RecordSuccess()
}

// rested writes down that an agent rests, for all instances.
func (s *Service) rested(p Pause) {
	s.log.Warn().Str("agent", p.Agent).Time("until", p.Until).Str("why", p.Reason).Msg("agent's reminders paused")
	s.later(func(ctx context.Context) {
		if err := s.store.Pause(ctx, p); err != nil {
			s.log.Warn().Err(err).Str("agent", p.Agent).Msg("pause of an agent's reminders not shared with other instances")
		}
	})
}

// Carrier takes note of how the carrier did with a call of an agent: nil if a telephone
// rings, or what went wrong. Call it once for each; not for a number that the carrier
// refuses, which is no failure of its. The error names no one. It does not wait.
func (s *Service) Carrier(agent string, err error) { s.breakers.heard(agent, err) }
