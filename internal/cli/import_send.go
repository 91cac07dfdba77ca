package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/api"
)

// Bounds of an import.
const (
	maxBatch      = 500     // lines in a request
	maxBatchBytes = 1 << 20 // about, of a request
	importAtOnce  = 3       // requests
	importTries   = 6       // of a batch while the service or its database is away
	importPause   = time.Second
	importWait    = 60 * time.Second // for an answer
)

// delivery is a batch that is being given to the service.
type delivery[T any] struct {
	importBatch[T]
	err  error
	done chan struct{}
}

// run brings the whole file to the service, a few batches at a time: while one is
// written, the next ones are on their way. What came of them is told in their order. It
// returns how many lines were refused.
func (im *importer[T]) run(ctx context.Context, asJSON bool) (refused int, err error) {
	t, err := im.progress(asJSON, im.table)
	if err != nil {
		return 0, err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	reading, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, broken := make(chan importBatch[T], 2), make(chan error, 1)
	go func() {
		defer close(batches)
		broken <- im.read(reading, batches)
	}()
	err = im.sendAll(ctx, cancel, batches, t)
	if readErr := <-broken; err == nil {
		err = readErr
	}
	return t.refused, errors.Join(err, t.close())
}

// sendAll gives the batches to the service. After a failure it cancels the reading, and
// waits for those that were under way.
func (im *importer[T]) sendAll(ctx context.Context, cancel func(), batches <-chan importBatch[T], t *importProgress) error {
	underWay := make(chan *delivery[T], importAtOnce-1)
	go func() {
		defer close(underWay)
		for b := range batches {
			d := &delivery[T]{importBatch: b, done: make(chan struct{})}
			underWay <- d
			go func() {
				defer close(d.done)
				d.err = im.deliver(ctx, &d.importBatch)
			}()
		}
	}()
	var failed error
	for d := range underWay {
		<-d.done
		switch {
		case failed != nil:
		case d.err != nil:
			failed = &hintedError{d.err, fmt.Sprintf("the lines before line %d are done; continue with --from-line %d", d.first, d.first)}
			cancel()
		default:
			im.done(d.lines)
			failed = tellBatch(t, &d.importBatch)
		}
	}
	return failed
}

// tellBatch tells of the lines of a batch, in their order.
func tellBatch[T any](t *importProgress, b *importBatch[T]) error {
	slices.SortStableFunc(b.bad, func(a, b badLine) int { return a.Line - b.Line })
	bad := b.bad
	for _, l := range b.lines {
		for len(bad) > 0 && bad[0].Line < l.Line {
			t.tell(bad[0])
			bad = bad[1:]
		}
		t.write(l.cells, l.fate)
	}
	for _, l := range bad {
		t.tell(l)
	}
	t.progress(b.read)
	return t.failed
}

// deliver gives a batch to the service, without the lines that it refuses.
func (im *importer[T]) deliver(ctx context.Context, b *importBatch[T]) error {
	for len(b.lines) > 0 {
		err := im.send(ctx, b.lines)
		var p *api.Problem
		if !errors.As(err, &p) || p.Status != http.StatusBadRequest || len(p.Errors) == 0 {
			return err
		}
		if !b.drop(p.Errors) {
			return err
		}
	}
	return nil
}

// drop takes the lines that the service refuses out of a batch. It is false if one of
// the complaints is about none of them.
func (b *importBatch[T]) drop(wrong []api.FieldError) bool {
	of := map[int][]api.FieldError{}
	for _, e := range wrong {
		var i int
		var field string
		n, _ := fmt.Sscanf(e.Field, "[%d].%s", &i, &field)
		if n < 1 {
			n, _ = fmt.Sscanf(e.Field, "intents[%d].%s", &i, &field)
		}
		if n < 1 || i < 0 || i >= len(b.lines) {
			return false
		}
		if field == "" {
			field = "line"
		}
		of[i] = append(of[i], api.FieldError{Field: field, Detail: e.Detail})
	}
	var good []importLine[T]
	for i, l := range b.lines {
		if e, bad := of[i]; bad {
			b.bad = append(b.bad, badLine{Line: l.Line, Errors: e, cells: l.cells})
			continue
		}
		good = append(good, l)
	}
	b.lines = good
	return true
}
