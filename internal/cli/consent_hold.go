package cli

import (
	"context"
	"net/url"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/server"
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
	body := map[string]string{"name": c.Name, "reason": c.Reason}
	if c.By != "" {
		body["by"] = c.By
	}
	switch {
	case (c.Number == "") == (c.Call == ""):
		return &exitError{exitUsage, "want a NUMBER, or a call with --call"}
	case c.Call != "":
		body["call"] = c.Call
	default:
		n, err := knownNumber(c.Number)
		if err != nil {
			return &exitError{exitUsage, "NUMBER: " + err.Error()}
		}
		body["number"] = n.E164()
	}
	return c.receipt(ctx, "/v1/consent/holds", body, "hold placed")
}

type consentHoldReleaseCmd struct {
	Row    int64  `arg:"" help:"The hold's row, as shown in the list."`
	Reason string `required:"" placeholder:"TEXT" help:"Why the hold is released. Stored encrypted."`
	apiFlags
}

func (c *consentHoldReleaseCmd) Run(ctx context.Context) error {
	path := "/v1/consent/holds/" + strconv.FormatInt(c.Row, 10) + "/release"
	return c.receipt(ctx, path, map[string]string{"reason": c.Reason}, "hold released")
}

// receipt has the service record one row, and says where it is.
func (f *apiFlags) receipt(ctx context.Context, path string, body map[string]string, done string) error {
	a, err := f.open()
	if err != nil {
		return err
	}
	var r consent.Receipt
	if err := a.ask(ctx, "POST", path, body, &r); err != nil {
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
		var page server.HoldList
		if err := a.ask(ctx, "GET", "/v1/consent/holds?cursor="+url.QueryEscape(cursor), nil, &page); err != nil {
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
