package bridge

import (
	"context"
	"errors"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/remind"
)

// callbacks makes reminders of the calls back that were asked for in calls.
type callbacks struct{ s *service }

// Schedule implements call.Callbacks.
func (c callbacks) Schedule(ctx context.Context, o call.CallbackOrder) (string, error) {
	if err := c.s.switchboard.Check(o.Order); err != nil {
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
