package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

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
	in, size := io.Reader(os.Stdin), int64(-1)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			size = info.Size()
		}
		in = f
	}
	counted := &countingReader{r: in}
	file, err := openCSV(counted, columnNames, columns)
	if err != nil {
		return &exitError{exitUsage, c.File + ": " + err.Error()}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, broken := make(chan batch, 2), make(chan error, 1)
	go func() {
		defer close(batches)
		broken <- c.read(reading, file, zone, counted, batches)
	}()
	t := &importTeller{json: c.JSON}
	t.begin(size)
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

// read cuts the file into batches.
func (c *consentImportCmd) read(ctx context.Context, file *csvFile, zone *time.Location, counted *countingReader, out chan<- batch) error {
	var b batch
	bytes := 0
	send := func() bool {
		b.read = counted.n
		select {
		case out <- b:
			b, bytes = batch{}, 0
			return true
		case <-ctx.Done():
			return false
		}
	}
	var quote *csv.ParseError // the last row, if it was one with a quote that may not close
	for {
		row, err := file.next()
		if errors.Is(err, io.EOF) {
			send()
			if quote != nil && quote.Line > quote.StartLine {
				return fmt.Errorf("%s: the quote that opens in line %d never closes: what follows was not read; mend it and go on with --from-line %d", c.File, quote.StartLine, quote.StartLine)
			}
			return nil
		}
		if !errors.As(err, &quote) || !errors.Is(err, csv.ErrQuote) {
			quote = nil
		}
		switch {
		case err != nil && row.line == 0:
			send()
			return fmt.Errorf("%s: %w", c.File, err)
		case row.line < c.FromLine:
			continue
		case err != nil:
			b.bad = append(b.bad, badLine{row.line, []server.FieldError{{Field: "line", Detail: errors.Unwrap(err).Error()}}})
		default:
			event, wrong := c.event(row.values, zone)
			if len(wrong) > 0 {
				b.bad = append(b.bad, badLine{row.line, wrong})
				break
			}
			b.events, b.lines = append(b.events, event), append(b.lines, row.line)
			for _, v := range row.values {
				bytes += len(v)
			}
		}
		if (len(b.events) >= importBatch || bytes > importBytes || len(b.bad) >= importBatch) && !send() {
			return ctx.Err()
		}
	}
}

// delivery is a batch that is being given to the service.
type delivery struct {
	batch
	last int64 // row of the ledger
	err  error
	done chan struct{}
}

// feed gives the batches to the service, a few at a time: while the ledger writes
// one, the next ones are on their way. What came of them is told in their order.
// After a failure it cancels the reading.
func (c *consentImportCmd) feed(ctx context.Context, cancel func(), a *api, batches <-chan batch, t *importTeller) (importResult, error) {
	underWay := make(chan *delivery, importAtOnce-1)
	go func() {
		defer close(underWay)
		for b := range batches {
			d := &delivery{batch: b, done: make(chan struct{})}
			underWay <- d
			go func() {
				defer close(d.done)
				c.deliver(ctx, a, d)
			}()
		}
	}()
	result := importResult{DryRun: c.DryRun}
	var failed error
	for d := range underWay {
		<-d.done
		if failed != nil { // those that were under way are waited for
			continue
		}
		if d.err != nil {
			failed = d.err
			if len(d.lines) > 0 {
				failed = fmt.Errorf("%w\nthe lines before line %d are done; go on with --from-line %d", d.err, d.lines[0], d.lines[0])
			}
			cancel()
			continue
		}
		result.Recorded += len(d.events)
		result.LastSeq = max(result.LastSeq, d.last)
		slices.SortStableFunc(d.bad, func(a, b badLine) int { return a.Line - b.Line })
		for _, bad := range d.bad {
			result.Refused++
			t.bad(bad)
		}
		t.progress(d.read)
	}
	return result, failed
}

// deliver gives a batch to the service, without the events that it refuses.
func (c *consentImportCmd) deliver(ctx context.Context, a *api, d *delivery) {
	for len(d.events) > 0 {
		d.last, d.err = c.post(ctx, a, d.events)
		var p *apiError
		if !errors.As(d.err, &p) || p.Status != http.StatusBadRequest || len(p.Errors) == 0 {
			return
		}
		if d.err = d.drop(p.Errors); d.err != nil {
			return
		}
	}
}

// drop takes the events that the service refuses out of a batch.
func (b *batch) drop(wrong []server.FieldError) error {
	of := map[int][]server.FieldError{}
	for _, e := range wrong {
		var i int
		var field string
		if n, _ := fmt.Sscanf(e.Field, "[%d].%s", &i, &field); n < 1 || i < 0 || i >= len(b.events) {
			return &apiError{Status: http.StatusBadRequest, Title: "bad request", Errors: wrong}
		}
		if field == "" {
			field = "line"
		}
		of[i] = append(of[i], server.FieldError{Field: field, Detail: e.Detail})
	}
	var events []map[string]any
	var lines []int
	for i := range b.events {
		if e, bad := of[i]; bad {
			b.bad = append(b.bad, badLine{b.lines[i], e})
			continue
		}
		events, lines = append(events, b.events[i]), append(lines, b.lines[i])
	}
	b.events, b.lines = events, lines
	return nil
}

// post sends events, again while the service or its ledger is away: an event that
// is there twice changes no decision.
func (c *consentImportCmd) post(ctx context.Context, a *api, events []map[string]any) (last int64, err error) {
	path := "/v1/consent/events"
	if c.DryRun {
		path += "?dry_run=true"
	}
	pause := importPause
	for try := 1; ; try++ {
		var receipts []struct{ Seq int64 }
		err = a.askFor(ctx, importWait, "POST", path, nil, events, &receipts)
		if err == nil {
			for _, r := range receipts {
				last = max(last, r.Seq)
			}
			return last, nil
		}
		var p *apiError
		var away *unreachableError
		if try == importTries || ctx.Err() != nil || !errors.As(err, &away) && (!errors.As(err, &p) || p.Status != http.StatusServiceUnavailable) {
			return 0, err
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return 0, err
		}
	}
}

// importTeller shows how an import goes: a bar on a terminal, and the bad lines.
type importTeller struct {
	json bool
	bars *progressbar.ProgressBar
}

func (t *importTeller) begin(size int64) {
	if t.json || !term.IsTerminal(int(os.Stderr.Fd())) {
		return
	}
	t.bars = progressbar.NewOptions64(size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("importing"),
		progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
}

func (t *importTeller) progress(read int64) {
	if t.bars != nil {
		_ = t.bars.Set64(read) // it is only for the eye
	}
}

func (t *importTeller) bad(b badLine) {
	if t.json {
		_ = printJSON(b) // nobody is left to tell
		return
	}
	if t.bars != nil {
		_ = t.bars.Clear() // likewise
	}
	for _, e := range b.Errors {
		fmt.Fprintf(os.Stderr, "line %d: %s: %s\n", b.Line, e.Field, e.Detail)
	}
}

func (t *importTeller) finish() {
	if t.bars != nil {
		_ = t.bars.Finish() // likewise
	}
}

// countingReader counts what was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
