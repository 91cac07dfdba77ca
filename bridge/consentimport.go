package bridge

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
)

type consentImportCmd struct {
	File string `arg:"" help:"The CSV file; - reads it from standard input."`
	importDefaults
	DryRun   bool `help:"Check every line, and record nothing."`
	FromLine int  `placeholder:"N" help:"Begin at this line, where an earlier import stopped."`
	apiFlags
}

// importDefaults fill in columns that a file lacks.
type importDefaults struct {
	Type    string   `placeholder:"TYPE" help:"The type of every line without one: grant, revoke, dnc_add, …"`
	Seller  string   `placeholder:"NAME" help:"The seller of every line without one."`
	Source  string   `default:"import" placeholder:"SOURCE" help:"Where the lines come from that don't say so."`
	Tier    string   `placeholder:"TIER" help:"The tier of grants without one."`
	Purpose []string `placeholder:"P" help:"The purposes of grants without any."`
	Channel []string `placeholder:"C" help:"The channels of grants without any."`
	Zone    string   `default:"UTC" placeholder:"ZONE" help:"The time zone of times without one."`
}

func (*consentImportCmd) Help() string {
	return "The first line names the columns, in any order: type, number, seller, occurred_at, source, note, tier, purposes, channels, scope, list, version_date, result, line_type, state, zone, " +
		"reassigned, date_param, and of the evidence method, text, url, ip, user_agent, signature, verified_by. Lists are separated by ; or |. " +
		"Lines that can't be recorded are told one by one, and the rest is recorded; the exit code is then 1. " +
		"An import brings nobody back who has said no."
}

// Bounds of an import.
const (
	importBatch  = 500              // events in a request
	importAtOnce = 3                // requests
	importBytes  = 1 << 20          // about, of a request
	importTries  = 6                // of a batch while the service or its ledger is away
	importPause  = time.Second      // before the second one; each waits twice as long as the last
	importWait   = 60 * time.Second // for an answer
)

// batch is some lines of a file on their way to the service.
type batch struct {
	events []map[string]any
	lines  []int // of each event
	bad    []badLine
	read   int64 // bytes of the file so far
}

// badLine is a line that can't be recorded.
type badLine struct {
	Line   int                 `json:"line"`
	Errors []server.FieldError `json:"errors"`
}

// importResult is what came of an import.
type importResult struct {
	Recorded int   `json:"recorded"`
	Refused  int   `json:"refused"`
	LastSeq  int64 `json:"last_seq,omitempty"`
	DryRun   bool  `json:"dry_run,omitempty"`
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
	a.via = consent.ViaImport
	src, err := openSource(c.File, columnNames, columns)
	if err != nil {
		return err
	}
	defer src.close()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, broken := make(chan batch, 2), make(chan error, 1)
	go func() {
		defer close(batches)
		broken <- c.read(reading, src.csv, zone, src.read, batches)
	}()
	t := &importTeller{json: c.JSON}
	t.begin(src.size)
	result, err := c.feed(reading, cancel, a, batches, t)
	t.finish()
	if readErr := <-broken; err == nil {
		err = readErr
	}
	if c.JSON {
		if err := printJSON(result); err != nil {
			return err
		}
	} else {
		verb := map[bool]string{false: "recorded", true: "good (nothing was recorded)"}[c.DryRun]
		fmt.Printf("%d lines %s, %d refused\n", result.Recorded, verb, result.Refused)
	}
	if err == nil && result.Refused > 0 {
		return &exitError{exitFailed, ""}
	}
	return err
}
