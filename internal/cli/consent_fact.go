package cli

import (
	"context"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

type consentFactCmd struct {
	Number     string `arg:"" help:"The number: +14155550123, or (415) 555-0123."`
	Line       string `enum:"wireless,landline,business_landline,voip,tollfree," default:"" placeholder:"TYPE" help:"The line type: wireless, landline (a home's), business_landline, voip, tollfree."`
	Reassigned string `enum:"yes,no,no_data," default:"" placeholder:"ANSWER" help:"What the reassigned-numbers database answered: yes, no, no_data."`
	AsOf       string `placeholder:"DATE" help:"The date that the database was asked about, such as 2026-11-22: the day of the consent. Required with --reassigned."`
	State      string `placeholder:"XX" help:"The state in which the person is, as somebody verified it."`
	Zone       string `placeholder:"ZONE" help:"The time zone in which the person is, such as America/Chicago."`
	Facility   bool   `help:"The line belongs to an emergency service, a hospital room or a home for the elderly: no automated call."`
	Litigator  bool   `help:"The person is known to sue over calls."`
	Seller     string `placeholder:"NAME" help:"The seller who looked it up. Defaults to none: it counts for all."`
	Source     string `default:"lookup" placeholder:"SOURCE" help:"Where it was looked up: the vendor's or the database's name."`
	At         string `placeholder:"TIME" help:"When it was looked up: 2026-11-22T18:00:00Z, or 2026-11-22. Defaults to now."`
	Note       string `placeholder:"TEXT" help:"Anything else worth keeping. It is kept sealed."`
	apiFlags
}

func (*consentFactCmd) Help() string {
	return "The gate wants to know whether a number was reassigned since the consent it relies on, and what line it is. " +
		"Without the first no call is placed; without the second it is taken for a mobile."
}

// Run records the fact.
func (c *consentFactCmd) Run(ctx context.Context) error {
	if (c.Reassigned != "") != (c.AsOf != "") {
		return &exitError{exitUsage, "--reassigned and --as-of go together: the answer, and the date that was asked about"}
	}
	if err := checkDate("--as-of", c.AsOf); err != nil {
		return err
	}
	f := eventFlags{Number: c.Number, Seller: c.Seller, At: c.At, Note: c.Note, apiFlags: c.apiFlags}
	e, err := f.event(consent.NumberFact, c.Source)
	if err != nil {
		return err
	}
	line := c.Line
	if line == "landline" { // the stricter of the two
		line = "residential_landline"
	}
	e.LineType, e.Reassigned, e.DateParam = line, c.Reassigned, c.AsOf
	e.State, e.Zone = strings.ToUpper(c.State), c.Zone
	e.Facility, e.Litigator = c.Facility, c.Litigator
	return recordEvents(ctx, &c.apiFlags, e)
}

// checkDate looks at a date given to a flag.
func checkDate(flag, s string) error {
	if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
		return &exitError{exitUsage, flag + ": want a date such as 2026-11-22"}
	}
	return nil
}
