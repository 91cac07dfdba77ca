package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/table"
)

// importLine is a line of a file on its way to the service.
type importLine[T any] struct {
	Line  int
	Entry T
	cells []string
	fate  fate // of a dry run
}

// importBatch is some lines of a file on their way to the service.
type importBatch[T any] struct {
	lines []importLine[T]
	bad   []badLine
	read  int64 // bytes of the file so far
	first int   // line
}

// importer brings a file to the service: it reads rows, makes an entry of each, and gives
// them on in batches. Both imports are one.
type importer[T any] struct {
	*importFlags
	table *table.Table
	entry func(values map[string]string) (T, map[string]error)

	// send gives lines to the service. An *api.Problem that names some of them is answered
	// by sending the others.
	send func(ctx context.Context, lines []importLine[T]) error

	done func(lines []importLine[T]) // tells of lines that the service took, in their order
}

// read cuts the file into batches.
func (im *importer[T]) read(ctx context.Context, out chan<- importBatch[T]) error {
	var b importBatch[T]
	bytes := 0
	send := func() bool {
		b.read, _ = im.table.Progress()
		select {
		case out <- b:
			b, bytes = importBatch[T]{}, 0
			return true
		case <-ctx.Done():
			return false
		}
	}
	for {
		row, err := im.table.Next()
		var bad *table.RowError
		var quote *table.OpenQuoteError
		line := row.Line
		if errors.As(err, &bad) {
			line = bad.Line
		}
		switch {
		case errors.Is(err, io.EOF):
			send()
			return nil
		case errors.As(err, &quote):
			send()
			return fmt.Errorf("%s: %w; correct it and continue with --from-line %d", im.File, err, quote.Line)
		case err != nil && bad == nil:
			send()
			return fmt.Errorf("%s: %w", im.File, err)
		case line < im.FromLine:
			continue
		case bad != nil:
			field := bad.Column
			if field == "" {
				field = "line"
			}
			b.bad = append(b.bad, badLine{Line: line, Errors: []api.FieldError{{Field: field, Detail: bad.Detail}}, cells: row.Cells})
		default:
			entry, wrong := im.entry(row.Values)
			if list, order := sorted(wrong); len(list) > 0 {
				b.bad = append(b.bad, badLine{line, list, order, row.Cells})
				break
			}
			b.lines = append(b.lines, importLine[T]{Line: line, Entry: entry, cells: row.Cells})
			for _, v := range row.Cells {
				bytes += len(v)
			}
		}
		if b.first == 0 {
			b.first = line
		}
		if (len(b.lines) >= maxBatch || bytes > maxBatchBytes || len(b.bad) >= maxBatch) && !send() {
			return ctx.Err()
		}
	}
}
