package remind

import (
	"context"
	"errors"
	"slices"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// CallEnded takes note of how a call ended; calls of no reminder are ignored. It
// does not wait. What it misses, the next look finds in the call log.
func (s *Service) CallEnded(c calllog.Call) {
	if c.Direction != calllog.Outbound || c.Outcome == "" {
		return
	}
	s.later(func(ctx context.Context) {
		id, err := s.store.ByCall(ctx, c.ID)
		if errors.Is(err, ErrNotFound) {
			return
		}
		if err == nil {
			err = s.hear(ctx, id, c)
		}
		if err != nil {
			s.log.Warn().Err(err).Str("call", c.ID).Msg("how a reminder's call ended could not be written down; the next look finds it")
		}
	})
}

func (s *Service) hear(ctx context.Context, id string, c calllog.Call) error {
	v, err := s.store.View(ctx, id)
	if err != nil || v.Status != Calling || v.Last == nil || v.Last.CallID != c.ID {
		return err
	}
	_, err = s.ended(ctx, v, c)
	return err
}

// Revoked cancels what is scheduled for a number when its person wants no more
// calls. Give it every fact that the ledger's Watch tells of. It does not wait, and
// need not: the gate itself refuses calls from the revocation on.
func (s *Service) Revoked(f consent.Fact) {
	reason, purpose := revokes(f)
	if reason == "" {
		return
	}
	var agents []string // nil: of all of them
	if f.Seller != "" && f.Type != consent.NumberFact {
		agents = []string{}
		for agent, seller := range s.cfg.Sellers {
			if seller == f.Seller {
				agents = append(agents, agent)
			}
		}
		slices.Sort(agents)
	}
	s.later(func(ctx context.Context) {
		n, err := s.store.CancelFor(ctx, f.Number, agents, purpose, reason)
		if err != nil {
			s.log.Warn().Err(err).Stringer("to", f.Number).Msg("the reminders of a person who said stop could not be cancelled; the gate will refuse them")
			return
		}
		if n > 0 {
			s.log.Info().Stringer("to", f.Number).Int("reminders", n).Msg("a revocation has cancelled reminders")
		}
	})
}

// revokes tells what a fact cancels, and why; no reason if it cancels nothing. A
// revocation of one purpose leaves the others; any other scope is taken for all.
func revokes(f consent.Fact) (reason, purpose string) {
	switch f.Type {
	case consent.Revoke:
		if slices.Contains(consent.Purposes, consent.Purpose(f.Scope)) {
			purpose = f.Scope
		}
		return "the person has revoked their consent", purpose
	case consent.DNCAdd:
		return "the number is on the seller's do-not-call list", ""
	case consent.OptOutInCall:
		return "the person said stop during a call", ""
	case consent.NumberFact:
		if f.Reassigned == consent.Yes {
			return "the number has another holder now", ""
		}
	}
	return "", ""
}
