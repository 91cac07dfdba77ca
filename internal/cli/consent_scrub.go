package cli

import (
	"context"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
)

type consentScrubCmd struct {
	Number      []string `arg:"" help:"The numbers: +14155550123, or \"(415) 555-0123\"."`
	Seller      string   `required:"" placeholder:"NAME" help:"The seller whose list subscription was used."`
	List        string   `required:"" enum:"national,state,dnc_national,dnc_state" placeholder:"LIST" help:"Which list: national or state."`
	State       string   `placeholder:"XX" help:"The state that keeps the list, with --list state."`
	Result      string   `required:"" enum:"yes,no" placeholder:"ANSWER" help:"Whether the numbers are on the list: yes or no."`
	VersionDate string   `required:"" placeholder:"DATE" help:"The date of the list's version, such as 2026-11-22. A list older than 30 days does not count."`
	Source      string   `default:"list" placeholder:"SOURCE" help:"Where the list came from: the registry, or the vendor's name."`
	At          string   `placeholder:"TIME" help:"When the numbers were checked: 2026-11-22T18:00:00Z, or 2026-11-22. Defaults to now."`
	Note        string   `placeholder:"TEXT" help:"A note. Stored encrypted."`
	apiFlags
}

func (*consentScrubCmd) Help() string {
	return "Sales calls require a recent answer from the national registry, and from each state that keeps its own list. " +
		"Records all numbers, or none."
}

// maxScrub bounds the numbers of one command. Files are imported.
const maxScrub = 1000

// Run records the answers.
func (c *consentScrubCmd) Run(ctx context.Context) error {
	list := "dnc_" + strings.TrimPrefix(c.List, "dnc_")
	switch {
	case (list == consent.ListState) != (c.State != ""):
		return &exitError{exitUsage, "--list state and --state go together: each state has its own list"}
	case len(c.Number) > maxScrub:
		return &exitError{exitUsage, "at most 1000 numbers at once; for more, use bridge consent import FILE"}
	}
	if err := checkDate("--version-date", c.VersionDate); err != nil {
		return err
	}
	var facts []api.Event
	for _, n := range c.Number {
		f := eventFlags{Number: n, Seller: c.Seller, At: c.At, Note: c.Note}
		e, err := f.event(consent.Scrub, c.Source)
		if err != nil {
			return err
		}
		e.List, e.State, e.Result, e.VersionDate = list, strings.ToUpper(c.State), c.Result, c.VersionDate
		facts = append(facts, e)
	}
	return recordEvents(ctx, &c.apiFlags, facts...)
}
