package api

import (
	"context"
	"net/url"
)

func reminderPath(id string) string { return "/v1/reminders/" + url.PathEscape(id) }

// AddReminder schedules a call. The same Key schedules the same call once.
func (c *Client) AddReminder(ctx context.Context, r ReminderRequest) (Reminder, error) {
	return ask[Reminder](ctx, c, request{method: "POST", path: "/v1/reminders", body: r})
}

// AddReminders schedules calls, all or none.
func (c *Client) AddReminders(ctx context.Context, list []ReminderRequest) (RemindersAdded, error) {
	return ask[RemindersAdded](ctx, c, request{method: "POST", path: "/v1/reminders", body: list})
}

// Reminders is a page of scheduled calls.
func (c *Client) Reminders(ctx context.Context, f ReminderFilter) (ReminderList, error) {
	return ask[ReminderList](ctx, c, request{method: "GET", path: "/v1/reminders", query: f})
}

// Reminder is one scheduled call.
func (c *Client) Reminder(ctx context.Context, id string) (Reminder, error) {
	return ask[Reminder](ctx, c, request{method: "GET", path: reminderPath(id)})
}

// CancelReminder cancels what is still to come of a scheduled call; to do so twice is no error.
func (c *Client) CancelReminder(ctx context.Context, id string) (Reminder, error) {
	return ask[Reminder](ctx, c, request{method: "DELETE", path: reminderPath(id)})
}
