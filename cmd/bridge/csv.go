package main

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
// is not among known is an error.
func openCSV(in io.Reader, names map[string]string, known []string) (*csvFile, error) {
	b := bufio.NewReaderSize(in, sniffed)
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
	f := &csvFile{r: r}
	var unknown []string
	for _, c := range header {
		c = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(c)), " ", "_")
		if full, ok := names[c]; ok {
			c = full
		}
		switch {
		case c != "" && !slices.Contains(known, c):
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
