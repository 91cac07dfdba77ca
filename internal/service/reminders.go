package service

import (
	"context"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/lookup"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/remind"
)

// callsPerSecond is how many calls Twilio creates in a second for an account that
// has asked for no more: https://www.twilio.com/docs/voice/api (calls per second).
const callsPerSecond = 1

// openReminders makes the service of scheduled calls. It places none before it is
// started.
func (s *Service) openReminders() (err error) {
	s.line = s.DB.CallRate(callsPerSecond)
	s.Reminders, err = remind.New(s.DB.River(), s.DB.Reminders(), remind.Config{Placer: due{s.Switchboard}, Calls: s.DB.Calls(), Ledger: s.Gate.PGLedger,
		Line: s.line, Check: s.check, Logger: s.log})
	return err
}

// quiet leaves the reminders that are due from now on to other instances.
func (s *Service) quiet(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	if err := s.Reminders.Quiet(ctx); err != nil {
		s.log.Warn().Err(err).Msg("reminder workers did not stop in time")
	}
}

// due places the calls of reminders: what the gate lacks was looked up when it was asked
// for the first time, by check.
type due struct{ *call.Switchboard }

// Place implements remind.Placer.
func (d due) Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
	return d.Switchboard.Place(lookup.Asked(ctx), o)
}

// check asks the gate about an order that is due, and writes nothing but what was looked
// up.
func (s *Service) check(ctx context.Context, o call.Order) (consent.Decision, error) {
	req, err := s.Switchboard.Request(o)
	if err != nil {
		return consent.Decision{}, err
	}
	if s.Gate.LookUp != nil { // one that is held and does not change is not decided again
		s.Gate.LookUp(ctx, req)
	}
	decisions, err := s.Gate.Check(ctx, req)
	if err != nil {
		return consent.Decision{}, err
	}
	return decisions[0], nil
}

// revoked, which hears of every fact that the ledger or the spool takes, tells everyone who has to know that a person says no.
func (s *Service) revoked(f consent.Fact) {
	s.Switchboard.Revoked(f)
	s.Reminders.Revoked(f)
	s.permits.Revoked(f)
}

// queued places calls that somebody waits for: they come before the reminders in the
// account's line, and do not wait in it.
type queued struct {
	*call.Switchboard
	line *postgres.CallRate
	log  zerolog.Logger
}

// lineWait bounds taking a place in the line.
const lineWait = time.Second

// Place implements server.Placer.
func (q queued) Place(ctx context.Context, o call.Order) (calllog.Call, consent.Decision, error) {
	c, d, err := q.Switchboard.Place(ctx, o)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, lineWait)
		defer cancel()
		if err := q.line.TakeSlot(ctx, false); err != nil {
			q.log.Warn().Err(err).Msg("call not counted toward the account's rate")
		}
	}
	return c, d, err
}
