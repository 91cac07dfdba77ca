package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/server"
)

// checkBatch is how many lines a dry run asks about at once: a decision tells of
// every rule, some 20 kB.
const checkBatch = 200

// feed gives the batches to the service.
func (c *remindImportCmd) feed(ctx context.Context, a *api, batches <-chan remindBatch, sum *remindSum, t *remindTeller) error {
	for b := range batches {
		for len(b.entries) > 0 {
			err := c.post(ctx, a, b.entries, sum)
			var p *apiError
			if errors.As(err, &p) && (p.Status == http.StatusBadRequest || p.Status == http.StatusConflict) && len(p.Errors) > 0 {
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
