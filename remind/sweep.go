package remind

import (
	"context"
	"time"
)

// maxSweep bounds how many lost reminders one sweep brings back.
const maxSweep = 1000

// sweep gives jobs to reminders that have lost theirs: river gives a job up whose
// workers died too often, and somebody may have deleted it.
func (s *Service) sweep(ctx context.Context, requeue func(ctx context.Context, before time.Time, most int) (int, error)) error {
	n, err := requeue(ctx, s.now().Add(-s.policy.Sweep), maxSweep)
	if err != nil {
		return err
	}
	if n > 0 {
		s.log.Warn().Int("reminders", n).Msg("reminders without jobs got new ones")
	}
	return nil
}
