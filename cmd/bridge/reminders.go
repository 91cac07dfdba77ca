package main

import (
	"context"
	"fmt"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/remind"
)

// remind makes the service of the reminders: jobs on the same database, placed by
// the switchboard.
func (s *service) remind(c *config, log zerolog.Logger) (*remind.Service, error) {
	sellers := map[string]string{}
	for name, a := range c.file.Agents {
		sellers[name] = a.Seller
	}
	r, err := remind.New(s.db.River(), s.db.Reminders(), remind.Config{Placer: s.switchboard, Calls: s.db.Calls(), Ledger: s.gate.ledger,
		Line: s.db.CallRate(0), Check: s.check, Sellers: sellers, Logger: log})
	if err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	return r, nil
}

// check asks the gate about an order and writes nothing.
func (s *service) check(ctx context.Context, o call.Order) (consent.Decision, error) {
	req, err := s.switchboard.Request(o)
	if err != nil {
		return consent.Decision{}, err
	}
	decisions, err := s.gate.Check(ctx, req)
	if err != nil {
		return consent.Decision{}, err
	}
	return decisions[0], nil
}

// revoked takes the news that somebody said no, on whichever instance.
func (s *service) revoked(f consent.Fact) {
	s.switchboard.Revoked(f)
	s.reminders.Revoked(f)
}

// ended takes the news that a call that was placed is over.
func (s *service) ended(c calllog.Call) { s.reminders.CallEnded(c) }
