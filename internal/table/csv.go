package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

var errLongRow = fmt.Errorf("a row is longer than %d bytes: a quote is unclosed, or this is not a CSV file", maxRow)

// csvRows are the rows of a CSV file.
type csvRows struct {
	decoder *decoder
	guard   *guard
	r       *csv.Reader
	skipped int // lines before those that the reader counts
	quote   int // the line of a quote that may never close; 0 for none
}

func newCSV(in io.Reader) *csvRows {
	c := &csvRows{decoder: newDecoder(in)}
	c.guard = &guard{r: c.decoder}
	b := bufio.NewReaderSize(c.guard, decodeAhead)
	first := firstLine(b)
	separator := mostly(first)
	if named, ok := namedSeparator(first); ok {
		separator = named
		_, _ = b.Discard(len(first))
		if head, _ := b.Peek(2); bytes.HasPrefix(head, []byte("\r\n")) {
			_, _ = b.Discard(2)
		} else if len(head) > 0 {
			_, _ = b.Discard(1)
		}
		c.skipped = 1
	}
	c.r = csv.NewReader(&tidy{in: b, separator: separator, start: true})
	c.r.Comma = rune(separator)
	c.r.ReuseRecord = true
	c.r.FieldsPerRecord = -1
	return c
}

// firstLine is the first line of a file, or as much of it as is looked at.
func firstLine(b *bufio.Reader) []byte {
	head, _ := b.Peek(decodeAhead) // of a shorter file it is all there is
	if end := bytes.IndexAny(head, "\r\n"); end >= 0 {
		head = head[:end]
	}
	return head
}

// namedSeparator reads a line such as sep=; which Excel writes before the header.
func namedSeparator(line []byte) (byte, bool) {
	line = bytes.Trim(line, `"`)
	if len(line) != len("sep=;") || !bytes.EqualFold(line[:4], []byte("sep=")) || !bytes.ContainsRune([]byte(",;\t|"), rune(line[4])) {
		return 0, false
	}
	return line[4], true
}

// mostly is what the first line has most of.
func mostly(line []byte) byte {
	best, most := byte(','), 0
	for _, c := range []byte(",;\t|") {
		if n := bytes.Count(line, []byte{c}); n > most {
			best, most = c, n
		}
	}
	return best
}

func (c *csvRows) next() (int, []string, error) {
	c.guard.since = 0
	record, err := c.r.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		line := bad.StartLine + c.skipped
		c.quote = 0
		if bad.Line > bad.StartLine && errors.Is(bad.Err, csv.ErrQuote) {
			c.quote = line
		}
		return line, nil, &RowError{line, "", unreadableRow(bad)}
	case errors.Is(err, io.EOF) && c.quote > 0:
		return 0, nil, &OpenQuoteError{c.quote}
	case err != nil:
		return 0, nil, err
	}
	c.quote = 0
	line, _ := c.r.FieldPos(0)
	return line + c.skipped, record, nil
}

func (c *csvRows) encoding() string { return c.decoder.encoding }

func (c *csvRows) close() error { return nil }

// unreadableRow says what is wrong with a row that is not CSV.
func unreadableRow(bad *csv.ParseError) string {
	if bad.Line > bad.StartLine {
		return fmt.Sprintf("%v; everything up to line %d was read as one field", bad.Err, bad.Line)
	}
	return bad.Err.Error()
}
