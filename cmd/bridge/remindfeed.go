package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
)

// checkBatch is how many lines a dry run asks about at once: a decision tells of
// every rule, some 20 kB.
const checkBatch = 200

// remindSum is what came of an import.
type remindSum struct {
	DryRun  bool `json:"dry_run,omitempty"`
	Lines   int  `json:"lines"` // that could be read
	Refused int  `json:"refused"`

	// Of an import.
	Scheduled int `json:"scheduled"`
	There     int `json:"there_already"`

	// Of a dry run, by what the gate says now.
	Now   int            `json:"now"`
	Later int            `json:"later"`
	First *time.Time     `json:"first_later,omitempty"`
	Held  int            `json:"held"`
	Never int            `json:"never"`
	Rules map[string]int `json:"rules,omitempty"` // how many lines each rule stands in the way of
	rules map[consent.Outcome]map[string]int
}

// decided counts a decision.
func (s *remindSum) decided(d consent.Decision) {
	switch d.Outcome {
	case consent.Allow:
		s.Now++
		return
	case consent.Defer:
		s.Later++
		if d.NotBefore != nil && (s.First == nil || d.NotBefore.Before(*s.First)) {
			s.First = d.NotBefore
		}
	case consent.Hold:
		s.Held++
	default:
		s.Never++
	}
	if s.rules == nil {
		s.rules = map[consent.Outcome]map[string]int{}
	}
	if s.rules[d.Outcome] == nil {
		s.rules[d.Outcome] = map[string]int{}
	}
	seen := map[string]bool{}
	for _, r := range d.Failing() {
		if !seen[r.Rule] {
			seen[r.Rule] = true
			s.Rules[r.Rule]++
			s.rules[d.Outcome][r.Rule]++
		}
	}
}

// feed gives the batches to the service.
func (c *remindImportCmd) feed(ctx context.Context, a *api, batches <-chan remindBatch, sum *remindSum, t *remindTeller) error {
	for b := range batches {
		for len(b.entries) > 0 {
			err := c.post(ctx, a, b.entries, sum)
			var p *apiError
			if errors.As(err, &p) && p.Status == http.StatusBadRequest && len(p.Errors) > 0 {
				if err := b.drop(p); err != nil {
					return err
				}
				continue // without them
			}
			if err != nil {
				return fmt.Errorf("%w\nthe lines before line %d are done; run it again: no line is scheduled twice", err, b.lines[0])
			}
			sum.Lines += len(b.entries)
			break
		}
		for _, bad := range b.bad {
			sum.Refused++
			t.tell(bad)
		}
		t.progress(b.read)
	}
	return ctx.Err()
}

// drop takes the entries that the service refuses out of a batch.
func (b *remindBatch) drop(p *apiError) error {
	of := map[int][]server.FieldError{}
	for _, e := range p.Errors {
		var i int
		var field string
		n, _ := fmt.Sscanf(e.Field, "[%d].%s", &i, &field)
		if n < 1 {
			n, _ = fmt.Sscanf(e.Field, "intents[%d].%s", &i, &field)
		}
		if n < 1 || i < 0 || i >= len(b.entries) {
			return p
		}
		if field == "" {
			field = "line"
		}
		of[i] = append(of[i], server.FieldError{Field: field, Detail: e.Detail})
	}
	var entries []scheduled
	var lines []int
	for i := range b.entries {
		if wrong, bad := of[i]; bad {
			b.bad = append(b.bad, badLine{b.lines[i], wrong})
			continue
		}
		entries, lines = append(entries, b.entries[i]), append(lines, b.lines[i])
	}
	b.entries, b.lines = entries, lines
	return nil
}

// post schedules entries, or asks the gate about them.
func (c *remindImportCmd) post(ctx context.Context, a *api, entries []scheduled, sum *remindSum) error {
	if !c.DryRun {
		var added server.RemindersAdded
		if err := patiently(ctx, func() error { return a.ask(ctx, "POST", "/v1/reminders", entries, &added) }); err != nil {
			return err
		}
		sum.Scheduled += added.Created
		sum.There += len(entries) - added.Created
		return nil
	}
	var all []consent.Decision
	for part := range slices.Chunk(entries, checkBatch) {
		intents := make([]intent, len(part))
		for i, e := range part {
			intents[i] = e.intent
		}
		var answer struct{ Decisions []consent.Decision }
		err := patiently(ctx, func() error {
			return a.ask(ctx, "POST", "/v1/consent/check", map[string]any{"intents": intents}, &answer)
		})
		var p *apiError
		if errors.As(err, &p) { // its places are those of the part
			p.move(len(all))
		}
		if err != nil {
			return err
		}
		if len(answer.Decisions) != len(part) {
			return fmt.Errorf("the service gave %d decisions on %d calls", len(answer.Decisions), len(part))
		}
		for i := range answer.Decisions {
			answer.Decisions[i].Results = answer.Decisions[i].Failing() // the others are not counted
		}
		all = append(all, answer.Decisions...)
	}
	for _, d := range all { // only now: a part that is refused is asked about again, with all before it
		sum.decided(d)
	}
	return nil
}

// move makes the places of wrong fields those of a list that this one is a part of.
func (e *apiError) move(by int) {
	for n, f := range e.Errors {
		var i int
		var field string
		if n, _ := fmt.Sscanf(f.Field, "intents[%d].%s", &i, &field); n > 0 {
			f.Field = fmt.Sprintf("[%d].%s", i+by, field)
		}
		e.Errors[n] = f
	}
}

// patiently asks again while the service or its database is away.
func patiently(ctx context.Context, ask func() error) error {
	pause := importPause
	for try := 1; ; try++ {
		err := ask()
		var p *apiError
		var away *unreachableError
		if err == nil || try == importTries || ctx.Err() != nil || !errors.As(err, &away) && (!errors.As(err, &p) || p.Status != http.StatusServiceUnavailable) {
			return err
		}
		select {
		case <-time.After(pause):
			pause *= 2
		case <-ctx.Done():
			return err
		}
	}
}

// remindTeller tells of the bad lines, not of more than one cares to read.
type remindTeller struct {
	importTeller
	most, told int
	file       *os.File // nil for none
}

func (c *remindImportCmd) teller() (*remindTeller, error) {
	t := &remindTeller{importTeller: importTeller{json: c.JSON}, most: c.Show}
	if c.Errors == "" {
		return t, nil
	}
	var err error
	t.file, err = os.OpenFile(c.Errors, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	return t, err
}

func (t *remindTeller) tell(b badLine) {
	if t.file != nil {
		_ = json.NewEncoder(t.file).Encode(b) // the lines are counted all the same
	}
	if t.told++; t.json || t.told <= t.most {
		t.bad(b)
	}
}

func (t *remindTeller) close() {
	if t.file != nil {
		_ = t.file.Close() // likewise
	}
}

// close tells what came of the import, and with which code to exit.
func (c *remindImportCmd) close(sum *remindSum, t *remindTeller, err error) error {
	if hidden := t.told - t.most; hidden > 0 && !c.JSON {
		where := "--errors FILE writes them all down"
		if c.Errors != "" {
			where = "they are in " + c.Errors
		}
		fmt.Fprintf(os.Stderr, "and %s lines more; %s\n", grouped(hidden), where)
	}
	if c.JSON {
		if err := printJSON(sum); err != nil {
			return err
		}
	} else {
		sum.print()
	}
	switch {
	case err != nil:
		return err
	case sum.Refused > 0:
		return &exitError{exitFailed, ""}
	case sum.Never > 0:
		return &exitError{exitRefused, ""}
	}
	return nil
}

// print tells a person what came of the import.
func (s *remindSum) print() {
	if s.Refused > 0 {
		defer fmt.Printf("%s lines can't be scheduled as they are\n", grouped(s.Refused))
	}
	if !s.DryRun {
		fmt.Printf("%s scheduled, %s were there already\n", grouped(s.Scheduled), grouped(s.There))
		return
	}
	fmt.Printf("of %s: %s may be called now, %s later", grouped(s.Lines), grouped(s.Now), grouped(s.Later))
	if s.First != nil {
		fmt.Printf(" (first at %s)", s.First.Local().Format("Mon 2 Jan 15:04 MST"))
	}
	if s.Held > 0 {
		fmt.Printf(", %s not before something is known", grouped(s.Held))
	}
	fmt.Printf(", %s never", grouped(s.Never))
	if s.Never+s.Held > 0 {
		fmt.Print(", because")
	}
	fmt.Println()
	for _, o := range []struct {
		outcome consent.Outcome
		title   string
	}{{consent.Deny, "never"}, {consent.Hold, "held"}, {consent.Defer, "later"}} {
		counts := s.rules[o.outcome]
		rules := slices.Collect(maps.Keys(counts))
		slices.SortFunc(rules, func(a, b string) int {
			if counts[a] != counts[b] {
				return counts[b] - counts[a]
			}
			return slices.Compare([]byte(a), []byte(b))
		})
		for _, r := range rules {
			fmt.Printf("  %-6s %9s  %s\n", o.title, grouped(counts[r]), r)
		}
	}
}

// grouped is a number with commas between its thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
