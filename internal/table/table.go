package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Options say which columns are wanted.
type Options struct {
	Known []string          // names of columns; one such as var.* may have any end
	Names map[string]string // other names that columns go by, lower case with _ for spaces
	Map   map[string]string // a header as it stands in the file, and the column that it is
	Needs []string          // columns without which the file is of no use
}

// Row is one row: the value of each column that is wanted and not empty.
type Row struct {
	Line   int // of the file, from 1, where the row begins
	Values map[string]string
	Cells  []string // all of them, as they were, in the order of [Table.Header]
}

// RowError is about one row; reading goes on after it.
type RowError struct {
	Line   int
	Column string // empty if it is about the whole row
	Detail string
}

func (e *RowError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Detail) }

// OpenQuoteError is a file whose rest was taken for one cell.
type OpenQuoteError struct{ Line int }

func (e *OpenQuoteError) Error() string {
	return fmt.Sprintf("the quote that opens in line %d is never closed: the rest was not read", e.Line)
}

// source is the rows of a file of some kind. An error is a *RowError, or the last.
type source interface {
	next() (line int, cells []string, err error)
	encoding() string
	close() error
}

// Table reads a file row by row. It is not safe for use by several goroutines.
type Table struct {
	header
	rows source
	read *counter
	size int64
	file *os.File
}

// Open opens a file by its path, or standard input by "-", and reads its header. The
// caller closes it.
func Open(path string, o Options) (*Table, error) {
	if path == "-" {
		return New(os.Stdin, o)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t, err := New(f, o)
	if err != nil {
		f.Close()
		return nil, &HeaderError{path, err}
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		t.size = info.Size()
	}
	t.file = f
	return t, nil
}

// HeaderError is a file that can't be read from its beginning.
type HeaderError struct {
	Path string
	Err  error
}

func (e *HeaderError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap is what is wrong with the file.
func (e *HeaderError) Unwrap() error { return e.Err }

// New reads the header of a file.
func New(in io.Reader, o Options) (*Table, error) {
	t := &Table{read: &counter{r: in}, size: -1}
	b := bufio.NewReaderSize(t.read, decodeAhead)
	head, _ := b.Peek(4)
	var err error
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		if t.rows, err = newWorkbook(b); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, errors.New("the workbook is in Excel's old format, or has a password: save it as .xlsx without one, or as CSV")
	default:
		t.rows = newCSV(b)
	}
	if err := t.readHeader(o); err != nil {
		_ = t.rows.close() // the header's error says more
		return nil, err
	}
	return t, nil
}

func (t *Table) readHeader(o Options) error {
	for {
		_, cells, err := t.rows.next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return errors.New("the file is empty: the first line must hold the column names")
		case errors.As(err, &bad):
			return fmt.Errorf("the header: %s", bad.Detail)
		case err != nil:
			return fmt.Errorf("the header: %w", err)
		}
		if !empty(cells) {
			t.header, err = newHeader(cells, o)
			return err
		}
	}
}

// Next reads a row, past empty ones. An error is a *[RowError], after which reading
// goes on, io.EOF, or one after which there is nothing more.
func (t *Table) Next() (Row, error) {
	for {
		line, cells, err := t.rows.next()
		if err != nil {
			return Row{Line: line}, err
		}
		if empty(cells) {
			continue
		}
		return t.row(line, cells)
	}
}

// empty tells whether there is nothing in a row but separators.
func empty(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// Encoding is that of a text file, as far as it was read; empty for a workbook and for
// plain ASCII.
func (t *Table) Encoding() string { return t.rows.encoding() }

// Progress is how many bytes of the file were read, and how many there are; -1 if that
// is not known.
func (t *Table) Progress() (read, size int64) { return t.read.n, t.size }

// Close closes the file.
func (t *Table) Close() error {
	err := t.rows.close()
	if t.file != nil {
		err = errors.Join(err, t.file.Close())
	}
	return err
}

// counter counts what was read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
