package cli

import (
	"context"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/table"
)

type consentImportCmd struct {
	importFlags
	importDefaults
	apiFlags
}

// importDefaults fill in columns that a file lacks.
type importDefaults struct {
	Type    string   `placeholder:"TYPE" help:"The type for lines without one: grant, revoke, dnc_add, …"`
	Seller  string   `placeholder:"NAME" help:"The seller for lines without one."`
	Source  string   `default:"import" placeholder:"SOURCE" help:"The source for lines without one."`
	Tier    string   `placeholder:"TIER" help:"The tier for grants without one."`
	Purpose []string `placeholder:"P" help:"The purposes for grants without any."`
	Channel []string `placeholder:"C" help:"The channels for grants without any."`
	Zone    string   `default:"UTC" placeholder:"ZONE" help:"The time zone for times without one."`
}

func (*consentImportCmd) Help() string {
	return "The first line holds the column names, in any order: type, number, seller, occurred_at, source, note, tier, purposes, channels, scope, list, version_date, result, line_type, state, zone, " +
		"reassigned, date_param, and for evidence method, text, url, ip, user_agent, signature, verified_by. Separate list items with ; or |. A date without a time means the whole day. " +
		importHelp + "An import never re-enables a number that opted out."
}

// importResult is what came of an import.
type importResult struct {
	Recorded int    `json:"recorded"`
	Refused  int    `json:"refused"`
	LastSeq  int64  `json:"last_seq,omitempty"`
	Encoding string `json:"encoding,omitempty"` // of the file, where it is more than ASCII
	DryRun   bool   `json:"dry_run,omitempty"`
}

// Run imports the file.
func (c *consentImportCmd) Run(ctx context.Context) error {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return &exitError{exitUsage, "--zone: want an IANA time zone, such as America/Chicago"}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	a.Via, a.Timeout = consent.ViaImport, importWait
	file, err := c.openTable(table.Options{Known: columns, Names: columnNames, Needs: []string{"number"}})
	if err != nil {
		return err
	}
	defer file.Close()
	result := importResult{DryRun: c.DryRun}
	im := c.importer(a, file, zone, &result)
	result.Refused, err = im.run(ctx, c.JSON)
	result.Encoding = file.Encoding()
	if c.JSON {
		if err := printJSON(result); err != nil {
			return err
		}
	} else {
		verb := map[bool]string{false: "recorded", true: "valid (nothing was recorded)"}[c.DryRun]
		plain.Printf("%d lines %s, %d refused\n", result.Recorded, verb, result.Refused)
	}
	if err == nil && result.Refused > 0 {
		return &exitError{exitFailed, ""}
	}
	return err
}

// fact is the event of a line, and where the ledger has it.
type importedFact struct {
	event api.Event
	seq   int64
}

func (c *consentImportCmd) importer(a *client, file *table.Table, zone *time.Location, result *importResult) *importer[importedFact] {
	return &importer[importedFact]{importFlags: &c.importFlags, table: file,
		entry: func(values map[string]string) (importedFact, map[string]error) {
			event, wrong := c.event(values, zone, c.Dates)
			return importedFact{event: event}, wrong
		},
		send: func(ctx context.Context, lines []importLine[importedFact]) error { return c.post(ctx, a, lines) },
		done: func(lines []importLine[importedFact]) {
			for i := range lines {
				result.Recorded++
				result.LastSeq = max(result.LastSeq, lines[i].Entry.seq)
			}
		},
	}
}

// post sends events, again while the service or its ledger is away: an event that is
// there twice changes no decision.
func (c *consentImportCmd) post(ctx context.Context, a *client, lines []importLine[importedFact]) error {
	events := make([]api.Event, len(lines))
	for i := range lines {
		events[i] = lines[i].Entry.event
		lines[i].fate = fate{may: "yes"}
	}
	var receipts []consent.Receipt
	err := retryUnavailable(ctx, func() (err error) {
		receipts, err = a.RecordEvents(ctx, api.EventsQuery{DryRun: c.DryRun}, events...)
		return err
	})
	for i, r := range receipts {
		lines[min(i, len(lines)-1)].Entry.seq = r.Seq
	}
	return err
}
