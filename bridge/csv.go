package bridge

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvFile reads a CSV file row by row, as spreadsheets write it: with or without a
// byte order mark, with commas, semicolons or tabs, with quotes, with columns in any
// order.
type csvFile struct {
	r       *csv.Reader
	guard   *guard
	columns []string // their names, lower case, with _ for spaces
}

// csvRow is one row: the value of each column that is not empty.
type csvRow struct {
	line   int // of the file, from 1, where the row begins
	values map[string]string
}

// sniffed is how much of a file tells what separates its columns.
const sniffed = 64 << 10

// openCSV reads the header. Names stands for other names of a column; a column that
// is not among known is an error. One that is known as var.* may have any end.
func openCSV(in io.Reader, names map[string]string, known []string) (*csvFile, error) {
	g := &guard{r: in}
	b := bufio.NewReaderSize(g, sniffed)
	if head, err := b.Peek(3); err == nil && bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = b.Discard(3) // it is in the buffer
	}
	if head, _ := b.Peek(2); bytes.Equal(head, []byte("\xff\xfe")) || bytes.Equal(head, []byte("\xfe\xff")) {
		return nil, errors.New("the file is UTF-16: save it as UTF-8")
	}
	r := csv.NewReader(b)
	r.Comma = separator(b)
	r.ReuseRecord = true
	r.TrimLeadingSpace = true
	header, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errors.New("the file is empty: the first line names the columns")
	case err != nil:
		return nil, fmt.Errorf("the header: %w", err)
	}
	f := &csvFile{r: r, guard: g}
	var unknown []string
	for _, c := range header {
		if name := strings.TrimSpace(c); isKnown(known, name) { // as it is: a variable's name may have capitals
			c = name
		} else {
			c = strings.ReplaceAll(strings.ToLower(name), " ", "_")
		}
		if full, ok := names[c]; ok {
			c = full
		}
		switch {
		case c != "" && !isKnown(known, c):
			unknown = append(unknown, c)
		case c != "" && slices.Contains(f.columns, c):
			return nil, fmt.Errorf("the header names the column %s twice", c)
		}
		f.columns = append(f.columns, c)
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("the header names columns that nobody knows: %s. Known are %s", strings.Join(unknown, ", "), strings.Join(known, ", "))
	}
	return f, nil
}

// rowMost is how long a row may be, in bytes: one with a quote that is never closed
// would be the rest of the file, in memory.
const rowMost = 4 << 20

// guard bounds what is read for one row.
type guard struct {
	r     io.Reader
	since int // bytes since the row began
}

func (g *guard) Read(p []byte) (int, error) {
	if g.since > rowMost {
		return 0, fmt.Errorf("a row is longer than %d bytes: a quote is not closed, or it is no CSV file", rowMost)
	}
	n, err := g.r.Read(p)
	g.since += n
	return n, err
}

// isKnown tells whether a column is among known.
func isKnown(known []string, column string) bool {
	return slices.ContainsFunc(known, func(k string) bool {
		prefix, any := strings.CutSuffix(k, "*")
		return k == column || any && strings.HasPrefix(column, prefix) && column != prefix
	})
}

// separator is what the first line has most of.
func separator(b *bufio.Reader) rune {
	head, _ := b.Peek(sniffed) // of a short file it is all there is
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range ",;\t" {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// next reads a row. A *csv.ParseError is about this row alone; after any other error
// there is nothing more.
func (f *csvFile) next() (csvRow, error) {
	f.guard.since = 0
	record, err := f.r.Read()
	var bad *csv.ParseError
	switch {
	case errors.As(err, &bad):
		return csvRow{line: bad.StartLine}, bad
	case err != nil:
		return csvRow{}, err
	}
	line, _ := f.r.FieldPos(0)
	row := csvRow{line, make(map[string]string, len(record))}
	for i, v := range record {
		if v = strings.TrimSpace(v); v != "" && f.columns[i] != "" {
			row.values[f.columns[i]] = strings.Clone(v)
		}
	}
	return row, nil
}
