package cli

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/server"
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
	var rows []server.Access
	for len(rows) < c.Limit {
		q.Set("limit", strconv.Itoa(min(c.Limit-len(rows), 1000)))
		var page server.AccessList
		if err := a.ask(ctx, "GET", "/v1/audit?"+q.Encode(), nil, &page); err != nil {
			return refusal(err, c.JSON)
		}
		if rows = append(rows, page.Accesses...); page.Next == "" {
			break
		}
		q.Set("cursor", page.Next)
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
func (c *auditCmd) query(now time.Time) (url.Values, error) {
	q := url.Values{}
	if c.Since != "" {
		since, err := sinceWhen(c.Since, now)
		if err != nil {
			return nil, &config.Error{Problems: []error{errors.New("--since: " + err.Error())}}
		}
		q.Set("since", since.UTC().Format(time.RFC3339))
	}
	if c.Limit < 1 {
		return nil, &config.Error{Problems: []error{errors.New("--limit: want 1 or more")}}
	}
	for name, v := range map[string]string{"key": c.Key, "right": c.Right, "call": c.CallID, "number": c.Number} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return q, nil
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
