package cli

import (
	"encoding/csv"
	"errors"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/patchcord/patchcord/consent"
)

// fate is what would become of a line.
type fate struct {
	may    string // yes, later, not yet known, no; of a fact that is recorded: yes or no
	when   string
	why    string
	remedy string
}

// fateOf is what a decision means for a line that is due at some time.
func fateOf(d consent.Decision, due time.Time) fate {
	f := fate{may: "no"}
	switch d.Outcome {
	case consent.Allow:
		f.may, f.when = "yes", due.Format(time.RFC3339)
	case consent.Defer:
		f.may = "later"
		if d.NotBefore != nil {
			f.when = d.NotBefore.Format(time.RFC3339)
		}
	case consent.Hold:
		f.may = "not yet known"
	}
	var why, remedies []string
	for _, r := range d.Failing() {
		why = append(why, r.Rule+": "+r.Reason)
		if m := remedyFor(r); m != "" && !strings.Contains(strings.Join(remedies, "\n"), m) {
			remedies = append(remedies, m)
		}
	}
	f.why, f.remedy = strings.Join(why, "; "), strings.Join(remedies, "; ")
	return f
}

// refusedFate is what becomes of a line that is refused.
func refusedFate(b badLine) fate {
	var why []string
	for _, e := range b.Errors {
		why = append(why, e.Field+": "+e.Detail)
	}
	return fate{may: "no", why: strings.Join(why, "; "), remedy: "correct the line"}
}

// outFile is the file of a dry run: each line as it was, and what would become of it.
type outFile struct {
	f *os.File
	w *csv.Writer
	n int // columns of the file
}

func newOutFile(path string, header []string) (*outFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	o := &outFile{f, csv.NewWriter(f), len(header)}
	return o, o.write(header, fate{"may_call", "when", "why", "remedy"})
}

func (o *outFile) write(cells []string, f fate) error {
	record := make([]string, o.n, o.n+4)
	copy(record, cells)
	record = append(record, f.may, f.when, f.why, f.remedy)
	for i, v := range record {
		record[i] = inert(v)
	}
	return o.w.Write(record)
}

func (o *outFile) close() error {
	o.w.Flush()
	return errors.Join(o.w.Error(), o.f.Close())
}

// inert is a cell that no spreadsheet takes for a formula. An apostrophe before what
// might be one is what spreadsheets themselves write; an import reads past it.
func inert(cell string) string {
	v := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.IndexAny(v, "=+-@＝＋－＠") == 0 {
		return "'" + cell
	}
	return cell
}
