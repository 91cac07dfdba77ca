package consent

import "time"

// The parts of the catalogue, each filled in its own file. (Placeholders until then.)
var (
	timeRules []rule
)

func newEvaluation(p *Policy, req Request, s Snapshot, now time.Time) *evaluation {
	return &evaluation{policy: p, req: req, s: s, now: now}
}

// notBefore is the first instant at which all rules about time pass together.
func (e *evaluation) notBefore() *time.Time { return nil }
