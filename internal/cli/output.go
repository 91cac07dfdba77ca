package cli

import (
	"fmt"
	"os"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/plain"
)

// printJSON prints one object on a line of its own.
func printJSON(v any) error { return plain.FprintJSON(os.Stdout, v) }

// shownTable is a table whose cells may be from outside.
type shownTable struct{ table.Writer }

// AppendRow adds a row, with each cell in one line.
func (t shownTable) AppendRow(row table.Row) {
	for i, cell := range row {
		if ready, ok := cell.(plain.Ready); ok {
			row[i] = string(ready)
			continue
		}
		row[i] = plain.Text(fmt.Sprint(cell))
	}
	t.Writer.AppendRow(row)
}

// newTable is a plain table, with rules on a terminal only.
func newTable() shownTable {
	t := table.NewWriter()
	t.SetOutputMirror(os.Stdout)
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	t.SetStyle(style)
	if !term.IsTerminal(int(os.Stdout.Fd())) {
		t.Style().Options.SeparateHeader = false
	}
	return shownTable{t}
}
