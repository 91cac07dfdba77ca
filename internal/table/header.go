package table

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// header is what the first row says.
type header struct {
	names   []string // as they stand in the file
	columns []string // what each is; empty for one that is not wanted
	ignored []string
}

// Header is the names of the columns, as they stand in the file.
func (h *header) Header() []string { return h.names }

// Ignored is the names of columns that nobody asked for.
func (h *header) Ignored() []string { return h.ignored }

func newHeader(cells []string, o Options) (header, error) {
	var h header
	mapped, there := map[string]string{}, map[string]bool{}
	for from, to := range o.Map {
		if !isKnown(o.Known, to) {
			return h, fmt.Errorf("--map %s=%s: unknown column %s. The columns are %s", from, to, to, strings.Join(o.Known, ", "))
		}
		mapped[fold(from)] = to
	}
	for _, c := range cells {
		name := visible(c)
		h.names = append(h.names, name)
		column := name
		switch to, ok := mapped[fold(name)]; {
		case ok:
			column = to
			delete(mapped, fold(name))
		case isKnown(o.Known, name): // as it is: a variable's name may have capitals
		default:
			column = fold(name)
			if full, ok := o.Names[column]; ok {
				column = full
			}
		}
		switch {
		case name == "":
			column = ""
		case !isKnown(o.Known, column):
			h.ignored, column = append(h.ignored, name), ""
		case there[column]:
			return h, fmt.Errorf("duplicate column %s in the header", Listed([]string{column}))
		}
		h.columns, there[column] = append(h.columns, column), true
	}
	for _, left := range slices.Sorted(maps.Keys(mapped)) {
		return h, fmt.Errorf("--map: the header has no column %q. It has %s", left, Listed(h.names))
	}
	for _, need := range o.Needs {
		if !slices.Contains(h.columns, need) {
			return h, fmt.Errorf("the header has no column %s: it has %s. Map one with --map \"NAME=%s\"", need, Listed(h.names), need)
		}
	}
	return h, nil
}

// Bounds of what a sentence says of a header.
const (
	maxListed   = 20  // names
	listedBytes = 100 // of a name
)

// Listed is names for a sentence: the first of them, each cut, and how many more there are.
func Listed(names []string) string {
	var list []string
	for _, name := range names[:min(len(names), maxListed)] {
		if len(name) > listedBytes {
			name = strings.ToValidUTF8(name[:listedBytes], "") + "…"
		}
		list = append(list, name)
	}
	text := strings.Join(list, ", ")
	if more := len(names) - maxListed; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// row makes a row of cells.
func (h *header) row(line int, cells []string) (Row, error) {
	if len(cells) < len(h.columns) || !empty(cells[len(h.columns):]) {
		return Row{Line: line}, &RowError{line, "", fmt.Sprintf("wrong number of fields: %d, where the header has %d", len(cells), len(h.columns))}
	}
	r := Row{line, make(map[string]string, len(h.columns)), make([]string, len(h.columns))}
	for i, column := range h.columns {
		r.Cells[i] = strings.Clone(cells[i])
		v := bare(r.Cells[i])
		if column == "" || v == "" {
			continue
		}
		switch {
		case strings.ContainsRune(v, unreadable):
			return r, &RowError{line, column, errUnreadable.Error()}
		case len(v) > maxCell:
			return r, &RowError{line, column, fmt.Sprintf("is %d bytes long, at most %d: is a quote unclosed?", len(v), maxCell)}
		}
		r.Values[column] = v
	}
	return r, nil
}

// maxCell bounds a cell that is wanted, in bytes. No text that a fact may have is longer.
const maxCell = 20_000

var errUnreadable = errors.New("has a character that is invalid in this file's encoding: save the file as UTF-8")

// bare is what is in a cell: without space around it, and without the apostrophe or the
// ="…" by which a spreadsheet keeps what follows as text.
func bare(cell string) string {
	v := strings.TrimSpace(cell)
	if inner, ok := strings.CutPrefix(v, `="`); ok && strings.IndexByte(inner, '"') == len(inner)-1 {
		v = strings.TrimSpace(inner[:len(inner)-1])
	}
	if len(v) > 1 && v[0] == '\'' && strings.ContainsRune("0123456789+-=(@", rune(v[1])) {
		v = strings.TrimSpace(v[1:])
	}
	return v
}

// visible is a name without space around it, and without what nobody sees in it.
func visible(name string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name))
}

// fold is a name as it is compared: lower case, with _ for spaces.
func fold(name string) string { return strings.ReplaceAll(strings.ToLower(visible(name)), " ", "_") }

// isKnown tells whether a column is among known.
func isKnown(known []string, column string) bool {
	return slices.ContainsFunc(known, func(k string) bool {
		prefix, open := strings.CutSuffix(k, "*")
		return k == column || open && strings.HasPrefix(column, prefix) && column != prefix
	})
}
