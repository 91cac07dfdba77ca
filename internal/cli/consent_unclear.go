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
	List    consentUnclearListCmd    `cmd:"" default:"withargs" help:"List the numbers that need a decision by a person."`
	Resolve consentUnclearResolveCmd `cmd:"" help:"Record what a person meant when they may have opted out."`
}

type consentUnclearListCmd struct {
	apiFlags
}

func (*consentUnclearListCmd) Help() string {
	return "unclear: what the person said may be an opt-out; calls are held until you resolve it (bridge consent unclear resolve). " +
		"renewal: an earlier version accepted a renewal that does not name the opt-out, so the opt-out applies again; ask the person, and record their answer with bridge consent grant --renews ROW."
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
		plain.Println("nothing to decide")
	default:
		t.Render()
	}
	return nil
}

type consentUnclearResolveCmd struct {
	eventFlags
	Row    int64  `required:"" placeholder:"ROW" help:"The row to resolve, as shown in the list."`
	As     string `required:"" enum:"refusal,no_refusal" help:"What the person meant: refusal, which is recorded as an opt-out, or no_refusal."`
	Reason string `required:"" placeholder:"TEXT" help:"How you know. Stored encrypted."`
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
