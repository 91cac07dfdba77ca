package cli

import (
	"context"
	"errors"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/keys"
)

type auditCmd struct {
	Since  string `placeholder:"TIME" help:"Only records since this time: a date, a time such as 2026-11-22T18:00:00Z, or an age such as 7d or 12h."`
	Key    string `placeholder:"NAME" help:"Only actions of this key; cli:USER for commands that open the database directly."`
	Right  string `placeholder:"RIGHT" help:"Only uses of this right: export, erase, recordings, listen, speak, admin, or override."`
	CallID string `name:"call" placeholder:"ID" help:"Only actions on this call."`
	Number string `placeholder:"NUMBER" help:"Only actions on this number. The records hold a token, not the number."`
	Limit  int    `default:"100" help:"The maximum number of records to show, newest first."`
	apiFlags
}

func (*auditCmd) Help() string {
	return "Exports, erasures, recordings, live audio, actions on live calls, lifted opt-outs and key changes are recorded in the ledger's chain " +
		"before they happen: \"granted\" means that the key had the right, \"refused\" that it did not. Keys appear by name; BRIDGE_API_TOKEN is \"bootstrap\". Requires the right admin."
}

// Run lists who did what, the newest first.
func (c *auditCmd) Run(ctx context.Context) error {
	q, err := c.query(time.Now())
	if err != nil {
		return err
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	var rows []api.Access
	for len(rows) < c.Limit {
		q.Limit = min(c.Limit-len(rows), 1000)
		page, err := a.Audit(ctx, q)
		if err != nil {
			return refusal(err, c.JSON)
		}
		if rows = append(rows, page.Accesses...); page.Next == "" {
			break
		}
		q.Cursor = page.Next
	}
	if c.JSON {
		for _, row := range rows {
			if err := printJSON(row); err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable()
	t.AppendHeader(table.Row{"row", "when", "key", "right", "outcome", "route", "about"})
	for _, row := range rows {
		about := row.About + row.CallID
		if row.Person != "" {
			about += " person " + row.Person[:min(12, len(row.Person))]
		}
		t.AppendRow(table.Row{row.Seq, row.At.Local().Format(time.DateTime), row.Key, row.Right, row.Outcome, row.Route, about})
	}
	t.Render()
	return nil
}

// query is what the service is asked.
func (c *auditCmd) query(now time.Time) (q api.AuditFilter, err error) {
	q = api.AuditFilter{Key: c.Key, Right: c.Right, Call: c.CallID, Number: c.Number}
	if c.Since != "" {
		if q.Since, err = sinceWhen(c.Since, now); err != nil {
			return q, &config.Error{Problems: []error{errors.New("--since: " + err.Error())}}
		}
	}
	return q, checkLimit(c.Limit)
}

// sinceWhen reads a date of this machine's zone, a time, or how long ago something was.
func sinceWhen(text string, now time.Time) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return at, nil
	}
	if ago, err := keys.ParseLife(text); err == nil {
		return now.Add(-ago), nil
	}
	return time.Time{}, errors.New("want a date, a time such as 2026-11-22T18:00:00Z, or an age such as 7d or 12h")
}
