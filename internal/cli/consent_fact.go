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
	Reassigned string `enum:"yes,no,no_data," default:"" placeholder:"ANSWER" help:"The answer of the Reassigned Numbers Database: yes, no, no_data."`
	AsOf       string `placeholder:"DATE" help:"The date in the query to the database, such as 2026-11-22: the day of the consent. Required with --reassigned."`
	State      string `placeholder:"XX" help:"The state the person is in, as verified."`
	Zone       string `placeholder:"ZONE" help:"The person's time zone, such as America/Chicago."`
	Facility   bool   `help:"The line belongs to an emergency service, a hospital room or a home for the elderly: it is never called automatically."`
	Litigator  bool   `help:"The person is a known litigator over calls."`
	Seller     string `placeholder:"NAME" help:"The seller that looked it up. By default the fact applies to all sellers."`
	Source     string `default:"lookup" placeholder:"SOURCE" help:"Where it was looked up: the vendor's or the database's name."`
	At         string `placeholder:"TIME" help:"When it was looked up: 2026-11-22T18:00:00Z, or 2026-11-22. Defaults to now."`
	Note       string `placeholder:"TEXT" help:"A note. Stored encrypted."`
	apiFlags
}

func (*consentFactCmd) Help() string {
	return "The gate needs to know whether a number was reassigned since the consent, and its line type. " +
		"Without the first, no call is placed; without the second, the number counts as a mobile."
}

// Run records the fact.
func (c *consentFactCmd) Run(ctx context.Context) error {
	if (c.Reassigned != "") != (c.AsOf != "") {
		return &exitError{exitUsage, "--reassigned and --as-of go together: the answer, and the date in the query"}
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
