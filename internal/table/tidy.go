package table

import (
	"bufio"
	"io"
)

// tidy makes of a spreadsheet's text what encoding/csv takes: a lone CR ends a line, spaces
// before a cell are dropped, and ="…", by which a spreadsheet keeps a number as text, is
// the quoted cell in it.
type tidy struct {
	in        *bufio.Reader
	separator byte
	start     bool // of a cell
	quoted    bool // within quotes
	closed    bool // just behind them
}

func (t *tidy) Read(p []byte) (n int, err error) {
	for n < len(p) {
		c, err := t.in.ReadByte()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		if c == '\r' {
			if next, _ := t.in.Peek(1); len(next) == 1 && next[0] == '\n' {
				continue // the LF ends the line
			}
			c = '\n'
		}
		if t.start && !t.quoted {
			if c == ' ' && t.separator != ' ' {
				continue
			}
			if next, _ := t.in.Peek(1); c == '=' && len(next) == 1 && next[0] == '"' {
				continue
			}
		}
		t.follow(c)
		p[n] = c
		n++
	}
	return n, nil
}

// follow keeps track of where a byte leaves the reader.
func (t *tidy) follow(c byte) {
	closed := false
	switch {
	case c == '"' && (t.start || t.closed):
		t.quoted = true
	case c == '"' && t.quoted:
		t.quoted, closed = false, true
	}
	t.closed = closed
	t.start = !t.quoted && (c == t.separator || c == '\n')
}

// guard bounds what is read for one row: one with a quote that never closes would be
// the rest of the file, in memory.
type guard struct {
	r     io.Reader
	since int // bytes since the row began
}

// maxRow is how long a row may be, in bytes.
const maxRow = 4 << 20

func (g *guard) Read(p []byte) (int, error) {
	if g.since > maxRow {
		return 0, errLongRow
	}
	n, err := g.r.Read(p)
	g.since += n
	return n, err
}
