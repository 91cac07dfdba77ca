package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/patchcord/patchcord/server"
)

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
	var receipts []struct{ Seq int64 }
	err = patiently(ctx, func() error {
		receipts = nil
		return a.askFor(ctx, importWait, "POST", path, nil, events, &receipts)
	})
	for _, r := range receipts {
		last = max(last, r.Seq)
	}
	return last, err
}
