package cli

import (
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/plain"
	"github.com/patchcord/patchcord/internal/table"
)

// importProgress shows how an import goes: a bar on a terminal, what is to say of the file,
// the refused lines, not more of them than one cares to read, and the file of a dry run.
type importProgress struct {
	*importFlags
	json     bool
	table    *table.Table
	bars     *progressbar.ProgressBar
	errors   *os.File // nil for none
	out      *outFile // nil for none
	refused  int
	unclear  int // of these, lines with a date whose order nobody named
	first    int // of those
	shown    int
	encoding string // that was told
	failed   error  // of writing a file
}

func (f *importFlags) progress(asJSON bool, file *table.Table) (*importProgress, error) {
	t := &importProgress{importFlags: f, json: asJSON, table: file}
	var err error
	if f.Errors != "" {
		if t.errors, err = os.OpenFile(f.Errors, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600); err != nil {
			return nil, err
		}
	}
	if f.Out != "" {
		if t.out, err = newOutFile(f.Out, file.Header()); err != nil {
			return nil, err
		}
	}
	if ignored := file.Ignored(); len(ignored) > 0 {
		plain.Fprintf(os.Stderr, "warning: ignoring unknown columns: %s. Map them with --map \"NAME=COLUMN\"\n", table.Listed(ignored))
	}
	t.sayEncoding()
	if _, size := file.Progress(); !t.json && term.IsTerminal(int(os.Stderr.Fd())) {
		t.bars = progressbar.NewOptions64(size, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("importing"),
			progressbar.OptionShowBytes(true), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	}
	return t, nil
}

// sayEncoding says how the file is read, once that is known: plain ASCII is nothing to
// speak of, and UTF-8 is what one expects.
func (t *importProgress) sayEncoding() {
	if now := t.table.Encoding(); now != t.encoding {
		t.clear()
		plain.Fprintf(os.Stderr, "reading the file as %s\n", now)
		t.encoding = now
	}
}

func (t *importProgress) clear() {
	if t.bars != nil {
		_ = t.bars.Clear() // it is only for the eye
	}
}

func (t *importProgress) progress(read int64) {
	if t.bars != nil {
		_ = t.bars.Set64(read) // likewise
	}
}

// tell tells of a line that is refused.
func (t *importProgress) tell(b badLine) {
	t.refused++
	if t.errors != nil {
		t.failed = errors.Join(t.failed, json.NewEncoder(t.errors).Encode(b))
	}
	t.write(b.cells, refusedFate(b))
	if b.order { // told once, at the end
		if t.unclear++; t.unclear == 1 {
			t.first = b.Line
		}
		return
	}
	switch t.shown++; {
	case t.json:
		t.failed = errors.Join(t.failed, printJSON(b))
	case t.shown <= t.Show:
		t.clear()
		for _, e := range b.Errors {
			plain.Fprintf(os.Stderr, "line %d: %s: %s\n", b.Line, e.Field, e.Detail)
		}
	}
}

// write writes a line and what would become of it.
func (t *importProgress) write(cells []string, f fate) {
	if t.out != nil {
		t.failed = errors.Join(t.failed, t.out.write(cells, f))
	}
}

// close says what is left to say, and closes the files.
func (t *importProgress) close() error {
	if t.bars != nil {
		_ = t.bars.Finish() // likewise
	}
	t.sayEncoding()
	if hidden := t.shown - t.Show; hidden > 0 && !t.json {
		where := "--errors FILE writes all of them"
		if t.Errors != "" {
			where = "they are in " + t.Errors
		}
		plain.Fprintf(os.Stderr, "and %s more lines; %s\n", grouped(hidden), where)
	}
	if t.unclear > 0 {
		plain.Fprintf(os.Stderr, "%s lines have dates that don't show which part is the month, the first in line %d: if the order is month, day, year, use --dates us\n", grouped(t.unclear), t.first)
	}
	err := t.failed
	if t.errors != nil {
		err = errors.Join(err, t.errors.Close())
	}
	if t.out != nil {
		err = errors.Join(err, t.out.close())
	}
	return err
}
