package cli

import (
	"context"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentHoldCmd struct {
	List    consentHoldListCmd    `cmd:"" default:"withargs" help:"List the legal holds."`
	Add     consentHoldAddCmd     `cmd:"" help:"Prevent the data of a number, or of the person on a call, from being erased."`
	Release consentHoldReleaseCmd `cmd:"" help:"Release a legal hold. An erasure that was waiting for it continues."`
}

type consentHoldAddCmd struct {
	Number string `arg:"" optional:"" help:"The number: +14155550123, or (415) 555-0123."`
	Call   string `placeholder:"ID" help:"A call instead of a number: holds all data of the person on that call."`
	Name   string `required:"" placeholder:"TEXT" help:"The name of the matter. Stored encrypted."`
	Reason string `required:"" placeholder:"TEXT" help:"Why the data must be kept. Stored encrypted."`
	By     string `placeholder:"NAME" help:"Who requested the hold."`
	apiFlags
}

func (c *consentHoldAddCmd) Run(ctx context.Context) error {
	h := api.HoldRequest{Call: c.Call, Name: c.Name, Reason: c.Reason, By: c.By}
	switch {
	case (c.Number == "") == (c.Call == ""):
		return &exitError{exitUsage, "want a NUMBER, or a call with --call"}
	case c.Number != "":
		n, err := knownNumber(c.Number)
		if err != nil {
			return &exitError{exitUsage, "NUMBER: " + err.Error()}
		}
		h.Number = n.E164()
	}
	return c.receipt("hold placed", func(a *client) (consent.Receipt, error) { return a.PlaceHold(ctx, h) })
}

type consentHoldReleaseCmd struct {
	Row    int64  `arg:"" help:"The hold's row, as shown in the list."`
	Reason string `required:"" placeholder:"TEXT" help:"Why the hold is released. Stored encrypted."`
	apiFlags
}

func (c *consentHoldReleaseCmd) Run(ctx context.Context) error {
	return c.receipt("hold released", func(a *client) (consent.Receipt, error) {
		return a.ReleaseHold(ctx, c.Row, api.HoldRelease{Reason: c.Reason})
	})
}

// receipt has the service record one row, and says where it is.
func (f *apiFlags) receipt(done string, record func(*client) (consent.Receipt, error)) error {
	a, err := f.open()
	if err != nil {
		return err
	}
	r, err := record(a)
	if err != nil {
		return refusal(err, f.JSON)
	}
	if f.JSON {
		return printJSON(r)
	}
	plain.Printf("%s, in row %d\n", done, r.Seq)
	return nil
}

type consentHoldListCmd struct{ apiFlags }

func (c *consentHoldListCmd) Run(ctx context.Context) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	t := newTable()
	t.AppendHeader(table.Row{"row", "number", "call", "name", "reason", "by", "placed"})
	n := 0
	for cursor, more := "", true; more; more = cursor != "" {
		page, err := a.Holds(ctx, api.PageQuery{Cursor: cursor})
		if err != nil {
			return refusal(err, c.JSON)
		}
		for _, h := range page.Holds {
			n++
			if c.JSON {
				if err := printJSON(h); err != nil {
					return err
				}
				continue
			}
			t.AppendRow(table.Row{h.Seq, h.Number, h.CallID, h.Name, h.Reason, h.By, h.PlacedAt})
		}
		cursor = page.Next
	}
	switch {
	case c.JSON:
	case n == 0:
		plain.Println("no legal holds")
	default:
		t.Render()
	}
	return nil
}
