package bridge

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
)

type remindImportCmd struct {
	File string `arg:"" help:"The CSV file; - reads it from standard input."`
	remindDefaults
	DryRun bool   `help:"Ask the gate about every line, and schedule nothing."`
	Show   int    `default:"20" placeholder:"N" help:"How many lines that can't be scheduled are told; the rest is counted. --json tells all."`
	Errors string `type:"path" placeholder:"FILE" help:"Write all of them into this file, one JSON object a line."`
	apiFlags
}

// remindDefaults fill in columns that a file lacks.
type remindDefaults struct {
	Agent     string `placeholder:"NAME" help:"Who speaks, on lines that don't say."`
	Purpose   string `placeholder:"P" help:"What their calls are for: ${purposes}. Defaults to the agent's own."`
	From      string `placeholder:"NUMBER" help:"The number they call from. Defaults to the one that the agent answers."`
	Subject   string `placeholder:"TEXT" help:"What they are about."`
	At        string `placeholder:"TIME" help:"When they are due."`
	Zone      string `placeholder:"ZONE" help:"The zone of times without an offset, on lines without a zone. It is not taken for the zone of the person called."`
	Marketing *bool  `negatable:"" help:"Whether anything in their calls promotes something, on lines that don't say. Defaults to true, or to what contains_marketing says of the agent in bridge.yaml."`
}

func (*remindImportCmd) Help() string {
	return "The first line names the columns, in any order: to, due_at, agent, purpose, subject, state, zone, from, contains_marketing, and var.NAME for what the agent is told. " +
		"A time without an offset is in the zone of its line. Lines that can't be scheduled are told one by one, and the rest is scheduled; the exit code is then 1. " +
		"The same line is scheduled once, however often it is imported.\n\n" +
		"--dry-run says how many of the calls might be placed now, how many later, and how many never, and why; the exit code is 3 if there are some of those."
}

// The columns, and other names that people give them.
var (
	remindColumns     = []string{"to", "due_at", "agent", "purpose", "subject", "state", "zone", "from", "contains_marketing", "var.*"}
	remindColumnNames = map[string]string{"number": "to", "phone": "to", "phone_number": "to", "due": "due_at", "at": "due_at", "when": "due_at", "time_zone": "zone", "timezone": "zone", "marketing": "contains_marketing"}
)

// entry reads a row. The error is all that is wrong with it.
func (d *remindDefaults) entry(values map[string]string) (scheduled, []server.FieldError) {
	var s scheduled
	var wrong []server.FieldError
	complain := func(field, detail string) { wrong = append(wrong, server.FieldError{Field: field, Detail: detail}) }
	value := func(column, other string) string {
		if v, ok := values[column]; ok {
			return v
		}
		return other
	}
	s.Agent, s.Purpose, s.Subject, s.Marketing = value("agent", d.Agent), value("purpose", d.Purpose), value("subject", d.Subject), d.Marketing
	s.Location = consent.Location{State: strings.ToUpper(values["state"]), Zone: values["zone"]}
	number := func(field, text string) string {
		n, err := parseNumber(text)
		if err != nil {
			complain(field, err.Error())
		}
		return n.E164()
	}
	if to, ok := values["to"]; ok {
		s.To = number("to", to)
	} else {
		complain("to", "it is required: whom to call")
	}
	if from := value("from", d.From); from != "" {
		s.From = number("from", from)
	}
	if s.Agent == "" {
		complain("agent", "it is required: who speaks; or give --agent")
	}
	if text, ok := values["contains_marketing"]; ok {
		marketing, err := strconv.ParseBool(strings.ToLower(text))
		if s.Marketing = &marketing; err != nil {
			complain("contains_marketing", "want true or false")
		}
	}
	if at := value("due_at", d.At); at == "" {
		complain("due_at", "it is required: when to call; or give --at")
	} else {
		zone := value("zone", d.Zone)
		due, err := dueTime(at, zone, nil)
		if err != nil {
			complain("due_at", err.Error())
		}
		s.DueAt = due.UTC()
	}
	for column, v := range values {
		if name, ok := strings.CutPrefix(column, "var."); ok {
			if s.Variables == nil {
				s.Variables = map[string]string{}
			}
			s.Variables[name] = v
		}
	}
	if len(wrong) == 0 {
		s.Key = contentKey(s)
	}
	return s, wrong
}

// contentKey names a line by what it says: the same again is the same reminder.
func contentKey(s scheduled) string {
	b, err := json.Marshal(s) // maps come out sorted
	if err != nil {
		panic("internal error: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return "csv_" + hex.EncodeToString(sum[:16])
}

// remindBatch is some lines of a file on their way to the service.
type remindBatch struct {
	entries []scheduled
	lines   []int // of each entry
	bad     []badLine
	read    int64 // bytes of the file so far
}

// Run imports the file, or asks what would become of it.
func (c *remindImportCmd) Run(ctx context.Context) error {
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
		return &exitError{exitUsage, "--zone: want an IANA time zone, such as America/Chicago"}
	}
	a, err := c.open()
	if err != nil {
		return err
	}
	src, err := openSource(c.File, remindColumnNames, remindColumns)
	if err != nil {
		return err
	}
	defer src.close()
	t, err := c.teller()
	if err != nil {
		return err
	}
	defer t.close()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, broken := make(chan remindBatch, 2), make(chan error, 1)
	go func() {
		defer close(batches)
		broken <- c.read(reading, src.csv, src.read, batches)
	}()
	t.begin(src.size)
	sum := &remindSum{DryRun: c.DryRun, Rules: map[string]int{}}
	err = c.feed(ctx, a, batches, sum, t)
	cancel()
	for range batches { // the reader ends
	}
	t.finish()
	if err == nil {
		err = <-broken
	}
	return c.close(sum, t, err)
}

// read cuts the file into batches.
func (c *remindImportCmd) read(ctx context.Context, file *csvFile, counted *countingReader, out chan<- remindBatch) error {
	var b remindBatch
	bytes := 0
	send := func() bool {
		b.read = counted.n
		select {
		case out <- b:
			b, bytes = remindBatch{}, 0
			return true
		case <-ctx.Done():
			return false
		}
	}
	for {
		row, err := file.next()
		switch {
		case errors.Is(err, io.EOF):
			send()
			return nil
		case err != nil && row.line == 0:
			send()
			return fmt.Errorf("%s: %w", c.File, err)
		case err != nil:
			b.bad = append(b.bad, badLine{row.line, []server.FieldError{{Field: "line", Detail: unreadable(err)}}})
		default:
			e, wrong := c.entry(row.values)
			if len(wrong) > 0 {
				b.bad = append(b.bad, badLine{row.line, wrong})
				break
			}
			b.entries, b.lines = append(b.entries, e), append(b.lines, row.line)
			for _, v := range row.values {
				bytes += len(v)
			}
		}
		if (len(b.entries) >= importBatch || bytes > importBytes || len(b.bad) >= importBatch) && !send() {
			return ctx.Err()
		}
	}
}

// unreadable says what is wrong with a line that is no CSV.
func unreadable(err error) string {
	var bad *csv.ParseError
	if !errors.As(err, &bad) {
		return err.Error()
	}
	if bad.Line > bad.StartLine {
		return fmt.Sprintf("%v; all up to line %d was taken for one field", bad.Err, bad.Line)
	}
	return bad.Err.Error()
}
