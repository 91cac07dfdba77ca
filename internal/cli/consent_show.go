package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

type consentShowCmd struct {
	Number string `arg:"" help:"The number: +14155550123, or (415) 555-0123."`
	apiFlags
}

func (c *consentShowCmd) Run(ctx context.Context) error {
	n, err := knownNumber(c.Number)
	if err != nil {
		return &exitError{exitUsage, "NUMBER: " + err.Error()}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	h, err := a.Consent(ctx, n.E164())
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(h)
	}
	plain.Printf("%s  %s\n", paint(bold, h.Number), h.State)
	for _, name := range slices.Sorted(maps.Keys(h.Sellers)) {
		plain.Printf("  %-20s %s\n", name, h.Sellers[name])
	}
	if len(h.Events) == 0 {
		plain.Println("the ledger has no records of this number")
		return nil
	}
	plain.Println()
	t := newTable()
	t.AppendHeader(table.Row{"row", "happened", "what", "seller", "source", ""})
	facts, err := h.Facts()
	if err != nil {
		return err
	}
	for _, f := range facts {
		t.AppendRow(table.Row{f.Seq, happenedOn(f), f.Type, f.Seller, f.Source, told(f)})
	}
	t.Render()
	return nil
}

// told is what there is to say of a fact beside its type.
func told(f consent.Fact) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	switch f.Type {
	case consent.Grant:
		purposes := make([]string, len(f.Purposes))
		for i, p := range f.Purposes {
			purposes[i] = string(p)
		}
		add("%s, for %s, by %s", f.Tier, strings.Join(purposes, ", "), strings.Join(f.Channels, ", "))
	case consent.Revoke:
		add("%s", f.Scope)
	case consent.Scrub:
		add("%s of %s: %s", f.List, f.VersionDate, f.Result)
	case consent.NumberFact:
		for _, p := range []struct{ name, v string }{{"line", f.LineType}, {"state", f.State}, {"zone", f.Zone}, {"reassigned", f.Reassigned}} {
			if p.v != "" {
				add("%s %s", p.name, p.v)
			}
		}
	case consent.Decided:
		if f.Decision != nil {
			add("%s (%s)", f.Decision.Outcome, f.Stage)
			for _, r := range f.Decision.Failing() {
				add("%s", r.Rule)
			}
		}
	case consent.Permitted:
		add("%s %s", f.PermitStatus, f.Outcome)
	case consent.OptOutInCall:
		add("by %s", f.Trigger)
	}
	if f.CallID != "" {
		add("%s", f.CallID)
	}
	return strings.Join(parts, " ")
}

// happenedOn is when a fact was the case, as a table shows it.
func happenedOn(f consent.Fact) string {
	if f.OccurredOn != "" {
		return f.OccurredOn
	}
	return f.OccurredAt.Local().Format(time.DateTime)
}
