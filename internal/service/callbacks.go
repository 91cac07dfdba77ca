package service

import (
	"context"
	"errors"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/remind"
)

// Callbacks makes reminders of the calls back that were asked for in calls.
type Callbacks struct{ Service *Service }

// WarnOfCallbacks says at the start what an agent would find out in the first call: that it can call
// nobody back.
func WarnOfCallbacks(c *config.Config, p *call.Profile, log zerolog.Logger) {
	if !slices.Contains(p.Builtins, builtin.ScheduleCallback) {
		return
	}
	why := ""
	switch {
	case p.Seller.Name == "":
		why = "the agent has no seller"
	case p.Purpose == consent.Telemarketing:
		why = "its calls contain marketing, which requires written consent"
	}
	if why != "" {
		log.Warn().Str("agent", p.Name).Str("why", why).Msg("an agent has schedule_callback but can't place calls back")
	}
}

// Check implements call.Callbacks.
func (c Callbacks) Check(o call.CallbackOrder) error { return c.Service.Switchboard.Check(o.Order) }

// Schedule implements call.Callbacks.
func (c Callbacks) Schedule(ctx context.Context, o call.CallbackOrder) (string, error) {
	if err := c.Check(o); err != nil {
		return "", err
	}
	list, _, err := c.Service.Reminders.Add(ctx, remind.Reminder{Key: o.Key, Order: o.Order, Due: o.At.UTC()})
	if err != nil {
		return "", err
	}
	if len(list) != 1 {
		return "", errors.New("callbacks: reminder not found")
	}
	return list[0].ID, nil
}
