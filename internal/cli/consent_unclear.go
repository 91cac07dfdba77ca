package cli

import (
	"context"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentUnclearCmd struct {
	List    consentUnclearListCmd    `cmd:"" default:"withargs" help:"List the numbers that somebody has to decide about."`
	Resolve consentUnclearResolveCmd `cmd:"" help:"Record what a person meant who may have opted out."`
}

type consentUnclearListCmd struct {
	apiFlags
}

func (*consentUnclearListCmd) Help() string {
	return "unclear: what the person said may be an opt-out; calls are held until it is resolved (bridge consent unclear resolve). " +
		"renewal: an earlier version took a consent for a renewal that doesn't name the opt-out, so the opt-out applies again; ask the person, and record bridge consent grant --renews ROW."
}

func (c *consentUnclearListCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	t := newTable()
	t.AppendHeader(table.Row{"row", "number", "seller", "why", "when", "source", "words"})
	n := 0
	for cursor := ""; ; {
		page, err := a.Unclear(ctx, api.PageQuery{Cursor: cursor})
		if err != nil {
			return err
		}
		for _, u := range page.Unclear {
			n++
			if c.JSON {
				if err := printJSON(u); err != nil {
					return err
				}
				continue
			}
			said := u.Words
			if said == "" {
				said = u.Note
			}
			t.AppendRow(table.Row{u.Seq, u.Number, u.Seller, u.Kind, u.OccurredAt.Local().Format(time.DateTime), u.Source, said})
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	switch {
	case c.JSON:
	case n == 0:
		plain.Println("nobody has to decide anything")
	default:
		t.Render()
	}
	return nil
}

type consentUnclearResolveCmd struct {
	eventFlags
	Row    int64  `required:"" placeholder:"ROW" help:"The row that is unclear, as the list shows it."`
	As     string `required:"" enum:"refusal,no_refusal" help:"What the person meant: refusal, which is recorded as an opt-out, or no_refusal."`
	Reason string `required:"" placeholder:"TEXT" help:"How you know. Kept sealed."`
	By     string `required:"" placeholder:"NAME" help:"Who decides."`
}

func (c *consentUnclearResolveCmd) Run(ctx context.Context) error {
	e, err := c.event(consent.Resolve, "operator")
	if err != nil {
		return err
	}
	e.Renews, e.Result, e.Reason, e.By = c.Row, c.As, c.Reason, c.By
	return recordEvents(ctx, &c.apiFlags, e)
}
