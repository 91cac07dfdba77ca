package remind

import (
	"context"
	"sync"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
)

// breakers let the calls of an agent rest while the carrier fails: 429, 5xx, nobody
// there. Each instance counts what its own calls meet; a rest holds for all of them.
// The first creation after a rest decides whether there is another one.
type breakers struct {
	s  *Service
	mu sync.Mutex
	of map[string]circuitbreaker.CircuitBreaker[any] // by agent
}

func (b *breakers) init(s *Service) {
	b.s, b.of = s, map[string]circuitbreaker.CircuitBreaker[any]{}
}

func (b *breakers) get(agent string) circuitbreaker.CircuitBreaker[any] {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.of[agent]; ok {
		return c
	}
	p := b.s.policy
	c := circuitbreaker.NewBuilder[any]().
		WithFailureThresholdRatio(p.BreakAfter, p.BreakOf).WithSuccessThreshold(1).WithDelay(p.Rest).
		OnOpen(func(circuitbreaker.StateChangedEvent) { b.opened(agent) }).Build()
	b.of[agent] = c
	return c
}

// opened tells the other instances. The breaker's lock is held.
func (b *breakers) opened(agent string) {
	s := b.s
	p := Pause{Agent: agent, Until: s.now().Add(s.policy.Rest).UTC(), Reason: "the carrier fails: too many of the last calls could not be created"}
	s.log.Warn().Str("agent", agent).Time("until", p.Until).Msg("the carrier fails: the reminders of an agent rest")
	s.later(func(ctx context.Context) {
		if err := s.store.Pause(ctx, p); err != nil {
			s.log.Warn().Err(err).Str("agent", agent).Msg("the other instances could not be told that an agent's reminders rest")
		}
	})
}

// until is until when an agent rests, by this instance's breaker or by paused, which
// any instance may have set. Zero, or past, if it doesn't.
func (b *breakers) until(agent string, paused, now time.Time) time.Time {
	if c := b.get(agent); c.IsOpen() {
		if own := now.Add(c.RemainingDelay()); own.After(paused) {
			return own
		}
	}
	return paused
}

// Carrier takes note of each attempt to create a call at the carrier: failed if it
// answered 429 or 5xx, or not at all. A refusal of the one call, such as a number
// that it does not know, is no failure of the carrier.
func (s *Service) Carrier(agent string, failed bool) {
	c := s.breakers.get(agent)
	if c.IsOpen() && !c.TryAcquirePermit() { // what was created before it opened tells nothing new
		return
	}
	if failed {
		c.RecordFailure()
		return
	}
	c.RecordSuccess()
}
