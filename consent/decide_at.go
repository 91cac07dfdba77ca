package consent

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// DecideAt decides on a call at a time to come, as if facts had been recorded and nothing else
// happened until then, and writes nothing. It is for telling a person what to expect: when the time
// has come, [Gate.Clear] decides. An error is a *[LedgerError].
//
// What the gate knows of its own ledger is taken to be as fresh then as it is now.
func (g *Gate) DecideAt(ctx context.Context, req Request, at time.Time, facts ...Fact) (Decision, error) {
	snapshots, err := g.Ledger.Snapshot(ctx, req.To)
	if err != nil {
		return Decision{}, &LedgerError{err}
	}
	return g.foresee(req, snapshots[0], g.now(), at, facts...), nil
}

// CheckAt decides on requests as [Gate.DecideAt] does, each at its own time, and writes
// nothing. A zero time, or one that has passed, is now. An error is a *[LedgerError].
func (g *Gate) CheckAt(ctx context.Context, requests []Request, at []time.Time) ([]Decision, error) {
	numbers := make([]phone.Number, len(requests))
	for i, r := range requests {
		numbers[i] = r.To
	}
	snapshots, err := g.Ledger.Snapshot(ctx, numbers...)
	if err != nil {
		return nil, &LedgerError{err}
	}
	now := g.now()
	decisions := make([]Decision, len(requests))
	for i, r := range requests {
		decisions[i] = g.foresee(r, snapshots[i], now, at[i])
	}
	return decisions, nil
}

// foresee decides on a request with what is known now, at a time that is now or later.
func (g *Gate) foresee(req Request, s Snapshot, now, at time.Time, facts ...Fact) Decision {
	if at.Before(now) {
		at = now
	}
	s = g.with(s, req)
	s.Facts = append(s.Facts[:len(s.Facts):len(s.Facts)], facts...)
	if !s.AnchoredAt.IsZero() {
		s.AnchoredAt = s.AnchoredAt.Add(at.Sub(now))
	}
	return g.Policy.Decide(req, s, at)
}
