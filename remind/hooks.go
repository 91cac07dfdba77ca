package remind

import (
	"context"
	"errors"

	"github.com/patchcord/patchcord/call"
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
			s.log.Warn().Err(err).Str("call", c.ID).Msg("end of a reminder's call not recorded; leaving it to the next sweep")
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
	reason := revokes(f)
	if reason == "" {
		return
	}
	s.later(func(ctx context.Context) {
		n, err := s.cancelStopped(ctx, f, reason)
		if err != nil {
			s.log.Warn().Err(err).Stringer("to", f.Number).Msg("reminders of a person who opted out not canceled; the gate will refuse them")
		}
		if n > 0 {
			s.log.Info().Stringer("to", f.Number).Int("reminders", n).Msg("reminders canceled by a revocation")
		}
	})
}

// cancelStopped cancels the reminders that a fact speaks against, and counts them.
func (s *Service) cancelStopped(ctx context.Context, f consent.Fact, reason string) (n int, err error) {
	for after := ""; ; {
		list, err := s.store.LiveFor(ctx, f.Number, after)
		if err != nil || len(list) == 0 {
			return n, err
		}
		var ids []string
		for _, r := range list {
			if consent.Stops(f, s.request(r.Order)) {
				ids = append(ids, r.ID)
			}
		}
		cancelled, err := s.store.CancelAll(ctx, ids, reason)
		if n += cancelled; err != nil {
			return n, err
		}
		after = list[len(list)-1].ID
	}
}

// request is an order as the gate sees it. One whose agent is there no more has no
// seller: what binds every seller binds it.
func (s *Service) request(o call.Order) consent.Request {
	if req, err := s.cfg.Placer.Request(o); err == nil {
		return req
	}
	return consent.Request{To: o.To, From: o.From, Agent: o.Agent, Purpose: o.Purpose, Marketing: o.Marketing, Subject: o.Subject, Location: o.Location}
}

// revokes is why a fact cancels what it speaks against, or "" if it cancels nothing. What
// may have been a refusal does not: the gate holds the calls until somebody decides.
func revokes(f consent.Fact) string {
	switch f.Type {
	case consent.Revoke:
		return "the person has revoked their consent"
	case consent.DNCAdd:
		return "the number is on the seller's do-not-call list"
	case consent.OptOutInCall:
		return "the person said stop during a call"
	case consent.NumberFact:
		if f.Reassigned == consent.Yes || f.Reassigned == consent.Suspected {
			return "the number changed hands"
		}
	}
	return ""
}
