package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/plain"
)

type remindCmd struct {
	Add    remindAddCmd    `cmd:"" default:"withargs" help:"Schedule one call (the default)."`
	Import remindImportCmd `cmd:"" help:"Schedule the calls in a CSV or .xlsx file, or preview their decisions."`
	List   remindListCmd   `cmd:"" help:"List scheduled calls, newest first."`
	Show   remindShowCmd   `cmd:"" help:"Show one scheduled call."`
	Cancel remindCancelCmd `cmd:"" help:"Cancel a scheduled call."`
}

type remindAddCmd struct {
	intentFlags
	At  string        `xor:"when" required:"" placeholder:"TIME" help:"When to call: 2026-11-24T10:00:00-08:00, or 2026-11-24 10:00 in the zone of --zone, or of this machine."`
	In  time.Duration `xor:"when" required:"" placeholder:"TIME" help:"The delay before the call: 90m, 2h."`
	Key string        `placeholder:"KEY" help:"The idempotency key: repeating a key schedules the call only once. Generated if not set."`
	apiFlags
}

func (*remindAddCmd) Help() string {
	return "The consent gate decides when the call is due, and defers it to the called person's permitted hours. " +
		"Retries unanswered calls, within the limits of law and policy; an opt-out cancels the call."
}

// Run schedules the call.
func (c *remindAddCmd) Run(ctx context.Context) error {
	want, err := c.intent()
	if err != nil {
		return err
	}
	due := time.Now().Add(c.In)
	if c.At != "" {
		if due, err = dueTime(c.At, c.Zone, time.Local, ""); err != nil {
			return &exitError{exitUsage, "--at: " + err.Error()}
		}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	key := c.Key
	if key == "" {
		key = "cli_" + rand.Text()
	}
	body := api.ReminderRequest{CallRequest: want, DueAt: due.UTC(), Key: key}
	got, err := a.AddReminder(ctx, body)
	var lost *api.UnreachableError
	if errors.As(err, &lost) && ctx.Err() == nil { // with the same key nothing is scheduled twice
		got, err = a.AddReminder(ctx, body)
	}
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		return printJSON(got)
	}
	plain.Printf("%s  %s for %s  %s → %s  agent %s\n", got.ID, got.Status, got.DueAt.Local().Format("Mon 2 Jan 2006 15:04 MST"), got.From, got.To, got.Agent)
	return nil
}

type remindListCmd struct {
	apiFlags
	Limit  int    `help:"How many, 1 to 200." default:"20"`
	Cursor string `help:"The cursor printed at the end of the previous list, to continue from there."`
	Status string `help:"Only reminders with this status: scheduled, deferred, held, calling, done, cancelled, refused, gave_up."`
	Agent  string `help:"Only this agent's reminders."`
	To     string `placeholder:"NUMBER" help:"Only reminders for this number."`
}

func (c *remindListCmd) Run(ctx context.Context) error {
	if err := checkLimit(c.Limit); err != nil {
		return err
	}
	f := api.ReminderFilter{Limit: c.Limit, Cursor: c.Cursor, Status: api.ReminderStatus(c.Status), Agent: c.Agent}
	if c.To != "" {
		n, err := knownNumber(c.To)
		if err != nil {
			return &exitError{exitUsage, "--to: " + err.Error()}
		}
		f.To = n.E164()
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	list, err := a.Reminders(ctx, f)
	if err != nil {
		return refusal(err, c.JSON)
	}
	if c.JSON {
		for _, r := range list.Reminders {
			if err := printJSON(r); err != nil {
				return err
			}
		}
		return nil
	}
	for _, p := range list.Paused {
		plain.Fprintf(os.Stderr, "agent %s places no calls until %s: %s\n", p.Agent, p.Until.Local().Format(time.DateTime), p.Reason)
	}
	t := newTable()
	t.AppendHeader(table.Row{"id", "due", "to", "agent", "status", "calls", "next", "why"})
	for _, r := range list.Reminders {
		next := ""
		if r.NextAt != nil {
			next = r.NextAt.Local().Format(time.DateTime)
		}
		t.AppendRow(table.Row{r.ID, r.DueAt.Local().Format(time.DateTime), r.To, r.Agent, r.Status, r.Attempts, next, firstWords(r.Reason)})
	}
	t.Render()
	if list.Next != "" {
		plain.Printf("more: bridge remind list --cursor %s\n", list.Next)
	}
	return nil
}

// firstWords is as much of a reason as fits into a table.
func firstWords(reason string) string {
	const most = 60
	if r := []rune(reason); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return reason
}

type remindShowCmd struct {
	apiFlags
	ID string `arg:"" help:"The reminder's id, or its beginning."`
}

func (c *remindShowCmd) Run(ctx context.Context) error {
	return c.one(ctx, c.ID, (*client).Reminder)
}

type remindCancelCmd struct {
	apiFlags
	ID string `arg:"" help:"The reminder's id, or its beginning."`
}

func (c *remindCancelCmd) Run(ctx context.Context) error {
	return c.one(ctx, c.ID, (*client).CancelReminder)
}

// one asks for a reminder, or for its end, and shows it.
func (f *apiFlags) one(ctx context.Context, id string,
	ask func(*client, context.Context, string) (api.Reminder, error)) error {
	a, err := f.open()
	if err != nil {
		return err
	}
	if id, err = a.reminderID(ctx, id); err != nil {
		return err
	}
	r, err := ask(a, ctx, id)
	if err != nil {
		return err
	}
	if f.JSON {
		return printJSON(r)
	}
	plain.Printf("%s  %s → %s  agent %s, %s\ndue %s, %s, %d call(s)\n", r.ID, r.From, r.To, r.Agent, r.Purpose, r.DueAt.Local().Format("Mon 2 Jan 2006 15:04 MST"), r.Status, r.Attempts)
	if r.NextAt != nil {
		plain.Printf("next attempt %s\n", r.NextAt.Local().Format("Mon 2 Jan 2006 15:04 MST"))
	}
	if r.Reason != "" {
		plain.Println(r.Reason)
	}
	for _, id := range r.CallIDs {
		plain.Printf("bridge calls show %s\n", id)
	}
	return nil
}
