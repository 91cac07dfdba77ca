package permits

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// What Run does, how often, and how much of it at once.
const (
	sweepEvery    = 5 * time.Second
	storeWait     = 5 * time.Second
	maxSweep      = 100              // permits of one sweep
	maxPosts      = 256              // at once: one slow dialer must not hold up the others
	callbackAgain = 10 * time.Second // until one that failed is tried again
	queueWait     = time.Second      // for a place among the revocations
)

// Revoked looks for permits whose calls a fact ends, and has their dialers told. Facts
// that end nothing are ignored; the same may come twice. It waits a second at most; a
// fact that finds no place then is given up, and the log says so. After Run it does nothing.
func (s *Service) Revoked(f consent.Fact) {
	if f.Number.IsZero() {
		return
	}
	timer := time.NewTimer(queueWait)
	defer timer.Stop()
	select {
	case s.revoked <- &f:
	case <-s.stopped:
	case <-timer.C:
		s.cfg.Log.Error().Msg("too many revocations at once; external dialer not notified")
	}
}

// Run posts callbacks and ends the permits of which nothing is heard, until ctx ends.
// Several instances may do it on one store.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer s.stop()
	wg.Go(func() { s.sweep(ctx) })
	posts := make(chan struct{}, maxPosts)
	more := make(chan struct{}, 1)
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-s.revoked:
			s.mark(ctx, *f)
		case <-tick.C:
		case <-more:
		}
		for _, r := range s.due(ctx, cap(posts)-len(posts), callbackAgain) { // only here a post begins
			posts <- struct{}{}
			wg.Go(func() {
				s.tell(ctx, &r)
				<-posts
				select { // what found no place
				case more <- struct{}{}:
				default:
				}
			})
		}
	}
}

// sweep ends the permits of which nothing is heard, from time to time.
func (s *Service) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.unheard(ctx)
		}
	}
}

// mark notes which permits a fact ends.
func (s *Service) mark(ctx context.Context, f consent.Fact) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	err := s.cfg.Store.RevokePermits(ctx, s.vault.person(f.Number), func(r *Record) bool {
		if err := s.vault.open(r, s.cfg.Sellers); err != nil {
			s.cfg.Log.Error().Err(err).Str("permit", r.ID).Msg("permit unreadable")
			return false
		}
		return r.callback != "" && f.CallID != r.request.CallID && consent.Stops(f, r.request)
	})
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Error().Err(err).Msg("revocation not matched with permits")
	}
}

// due takes up to n callbacks. Each is due again after a while, unless it is taken, for as
// long as the store says.
func (s *Service) due(ctx context.Context, n int, again time.Duration) []Record {
	if n == 0 {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	list, err := s.cfg.Store.DueCallbacks(bounded, n, again)
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Error().Err(err).Msg("due callbacks not read")
	}
	return list
}

// tell posts one callback.
func (s *Service) tell(ctx context.Context, r *Record) {
	err := s.vault.open(r, s.cfg.Sellers)
	if err == nil {
		err = s.post(ctx, r)
	}
	if err == nil {
		err = s.cfg.Store.CallbackDone(ctx, r.ID)
	}
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Warn().Err(err).Str("permit", r.ID).Msg("callback failed; retrying")
	}
}

// unheard ends the permits that nobody has reported on within their time: each counts
// as an attempt that nobody answered.
func (s *Service) unheard(ctx context.Context) {
	bounded, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	list, err := s.cfg.Store.UnheardPermits(bounded, s.cfg.Now(), maxSweep)
	for i := range list {
		r := &list[i]
		if err = s.vault.open(r, s.cfg.Sellers); err != nil {
			break
		}
		f := consent.Ended(r.request, r.ID, consent.PermitEnded, "no_answer", s.cfg.Now())
		f.Source, f.Why = "dialer", "nothing was reported"
		if _, err = s.cfg.Gate.Record(bounded, f); err != nil { // the next sweep tries again
			break
		}
		if err = s.cfg.Store.EndPermit(bounded, r.ID); err != nil {
			break
		}
	}
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Error().Err(err).Msg("unreported permits not ended")
	}
}
