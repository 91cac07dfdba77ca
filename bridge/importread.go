package bridge

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/patchcord/patchcord/server"
)

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
