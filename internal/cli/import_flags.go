package cli

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/internal/table"
)

// importFlags are what every import of a file has.
type importFlags struct {
	File     string            `arg:"" help:"The file, CSV or .xlsx (its first visible sheet); - reads from standard input."`
	Map      map[string]string `placeholder:"HEADER=COLUMN" help:"Map a header of the file to a column: --map \"Patient Name=var.name\". May be given several times."`
	Dates    string            `enum:",us" default:"" placeholder:"us" help:"The order of dates such as 11/20/2026: us is month, day, year. Without it such dates are refused, never guessed."`
	DryRun   bool              `help:"Check every line and record nothing."`
	Out      string            `type:"path" placeholder:"FILE" help:"With --dry-run: write each line and its result to this CSV file."`
	FromLine int               `placeholder:"N" help:"Start at this line, where an earlier import stopped."`
	Show     int               `default:"20" placeholder:"N" help:"How many refused lines to print; the rest are only counted. --json prints all."`
	Errors   string            `type:"path" placeholder:"FILE" help:"Write all refused lines to this file, one JSON object a line."`
}

// importHelp is what the help of both imports says of files.
const importHelp = "CSV files may be UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or bars. Unknown columns are reported once and ignored. " +
	"Refused lines are reported, and the rest are imported; the exit code is then 1. "

// openTable opens the file; a header that can't be read is wrong usage.
func (f *importFlags) openTable(o table.Options) (*table.Table, error) {
	if f.Out != "" && !f.DryRun {
		return nil, &exitError{exitUsage, "--out: requires --dry-run"}
	}
	o.Map = f.Map
	t, err := table.Open(f.File, o)
	var header *table.HeaderError
	if errors.As(err, &header) || err != nil && f.File == "-" {
		return nil, &exitError{exitUsage, err.Error()}
	}
	return t, err
}

// badLine is a line that can't be imported.
type badLine struct {
	Line   int              `json:"line"`
	Errors []api.FieldError `json:"errors"`

	order bool // all that is wrong with it is a date whose order nobody named
	cells []string
}

// sorted is what is wrong with a line, by field.
func sorted(wrong map[string]error) (list []api.FieldError, order bool) {
	order = len(wrong) > 0
	for _, field := range slices.Sorted(maps.Keys(wrong)) {
		err := wrong[field]
		detail := err.Error()
		if errors.Is(err, table.ErrOrder) {
			detail = "the date does not show which part is the month: use --dates us"
		} else {
			order = false
		}
		list = append(list, api.FieldError{Field: field, Detail: detail})
	}
	return list, order
}

// missing is what is wrong with a field that is not there.
func missing(detail string) error {
	return errors.New(strings.TrimSuffix("required: "+detail, ": "))
}
