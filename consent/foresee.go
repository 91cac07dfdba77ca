package consent

import (
	"context"
	"time"
)

// Foresee decides on a call at a time to come, as if facts had been recorded and nothing else
// happened until then, and writes nothing. It is for telling a person what to expect: when the time
// has come, [Gate.Clear] decides. An error is a *[LedgerError].
//
// What the gate knows of its own ledger is taken to be as fresh then as it is now.
func (g *Gate) Foresee(ctx context.Context, req Request, at time.Time, facts ...Fact) (Decision, error) {
	snapshots, err := g.Ledger.Look(ctx, req.To)
	if err != nil {
		return Decision{}, &LedgerError{err}
	}
	s := g.with(snapshots[0], req)
	s.Facts = append(s.Facts[:len(s.Facts):len(s.Facts)], facts...)
	if !s.AnchoredAt.IsZero() {
		s.AnchoredAt = s.AnchoredAt.Add(max(0, at.Sub(g.now())))
	}
	return g.Policy.Decide(req, s, at), nil
}
