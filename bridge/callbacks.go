package bridge

import (
	"context"
	"errors"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/remind"
)

// callbacks makes reminders of the calls back that were asked for in calls.
type callbacks struct{ s *service }

// warnOfCallbacks says at the start what an agent would find out in the first call: that it can call
// nobody back.
func warnOfCallbacks(c *config.Config, p *call.Profile, log zerolog.Logger) {
	if !slices.Contains(p.Builtins, call.ToolScheduleCallback) {
		return
	}
	why := ""
	switch {
	case p.Seller.Name == "":
		why = "it has no seller"
	case p.Purpose == consent.Telemarketing:
		why = "its calls sell, and that takes a written consent"
	}
	if why != "" {
		log.Warn().Str("agent", p.Name).Str("why", why).Msg("an agent has schedule_callback and can call nobody back")
	}
}

// Check implements call.Callbacks.
func (c callbacks) Check(o call.CallbackOrder) error { return c.s.switchboard.Check(o.Order) }

// Schedule implements call.Callbacks.
func (c callbacks) Schedule(ctx context.Context, o call.CallbackOrder) (string, error) {
	if err := c.Check(o); err != nil {
		return "", err
	}
	list, _, err := c.s.reminders.Add(ctx, remind.Reminder{Key: o.Key, Order: o.Order, Due: o.At.UTC()})
	if err != nil {
		return "", err
	}
	if len(list) != 1 {
		return "", errors.New("callbacks: the reminder is not there")
	}
	return list[0].ID, nil
}
