package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/table"
)

// checkBatch is how many lines a dry run asks about at once: a decision tells of every
// rule, some 20 kB.
const checkBatch = 200

// plan is a call to schedule, and what came of it.
type plan struct {
	api.ReminderRequest
	many     int // of its batch, on the first line of it: how many were new
	decision *consent.Decision
}

// Run imports the file, or asks what would become of it.
func (c *remindImportCmd) Run(ctx context.Context) error {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
		return &exitError{exitUsage, "--zone: want an IANA time zone, such as America/Chicago"}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	a.Via = consent.ViaImport
	file, err := c.openTable(table.Options{Known: remindColumns, Names: remindColumnNames, Needs: []string{"to"}})
	if err != nil {
		return err
	}
	defer file.Close()
	sum := &remindSummary{DryRun: c.DryRun, Rules: map[string]int{}}
	sum.Refused, err = c.importer(a, file, sum).run(ctx, c.JSON)
	if c.JSON {
		if err := printJSON(sum); err != nil {
			return err
		}
	} else {
		sum.print()
	}
	switch {
	case err != nil:
		return err
	case sum.Refused > 0:
		return &exitError{exitFailed, ""}
	case sum.Never > 0:
		return &exitError{exitRefused, ""}
	}
	return nil
}

func (c *remindImportCmd) importer(a *client, file *table.Table, sum *remindSummary) *importer[plan] {
	return &importer[plan]{importFlags: &c.importFlags, table: file,
		entry: func(values map[string]string) (plan, map[string]error) {
			s, wrong := c.entry(values, c.Dates)
			return plan{ReminderRequest: s}, wrong
		},
		send: func(ctx context.Context, lines []importLine[plan]) error {
			if c.DryRun {
				return c.check(ctx, a, lines)
			}
			return c.post(ctx, a, lines)
		},
		done: func(lines []importLine[plan]) {
			sum.Lines += len(lines)
			for i := range lines {
				if d := lines[i].Entry.decision; d != nil {
					sum.decided(*d)
				}
				sum.Scheduled += lines[i].Entry.many
			}
			if !c.DryRun {
				sum.There = sum.Lines - sum.Scheduled
			}
		},
	}
}

// post schedules the calls of lines.
func (c *remindImportCmd) post(ctx context.Context, a *client, lines []importLine[plan]) error {
	entries := make([]api.ReminderRequest, len(lines))
	for i := range lines {
		entries[i] = lines[i].Entry.ReminderRequest
	}
	var added api.RemindersAdded
	err := retryUnavailable(ctx, func() (err error) {
		added, err = a.AddReminders(ctx, entries)
		return err
	})
	if err == nil {
		lines[0].Entry.many = added.Created
	}
	return err
}

// check asks the gate about each line, at the time at which it is due.
func (c *remindImportCmd) check(ctx context.Context, a *client, lines []importLine[plan]) error {
	before := 0
	for part := range slices.Chunk(lines, checkBatch) {
		intents := make([]api.Intent, len(part))
		for i, l := range part {
			intents[i] = api.Intent{DueAt: &l.Entry.DueAt, CallRequest: l.Entry.CallRequest}
		}
		var decisions []consent.Decision
		err := retryUnavailable(ctx, func() (err error) {
			decisions, err = a.CheckAll(ctx, intents)
			return err
		})
		var p *api.Problem
		if errors.As(err, &p) { // its places are those of the part
			moveFields(p, before)
		}
		if err != nil {
			return err
		}
		for i, d := range decisions {
			part[i].fate = fateOf(d, part[i].Entry.DueAt)
			d.Results = d.Failing() // the others are not counted
			part[i].Entry.decision = &d
		}
		before += len(part)
	}
	return nil
}

// moveFields makes the places of wrong fields those of a list that this one is a part of.
func moveFields(p *api.Problem, by int) {
	for n, f := range p.Errors {
		var i int
		var field string
		if n, _ := fmt.Sscanf(f.Field, "intents[%d].%s", &i, &field); n > 0 {
			f.Field = fmt.Sprintf("[%d].%s", i+by, field)
		}
		p.Errors[n] = f
	}
}
