package cli

import (
	"errors"
	"os"
	"strings"

	"github.com/patchcord/patchcord/internal/plain"
)

// hintedError is an error with a line about what to do next.
type hintedError struct {
	error
	hint string
}

func (e *hintedError) Error() string   { return strings.Join(e.Lines(), "\n") }
func (e *hintedError) Unwrap() error   { return e.error }
func (e *hintedError) Lines() []string { return append(errorLines(e.error), e.hint) }

// complain shows an error on standard error. Its text may quote what came from outside, so a line end ends a line only
// where the program put it.
func complain(err error) {
	for i, line := range errorLines(err) {
		if i == 0 {
			line = "bridge: " + line
		}
		plain.Fprintln(os.Stderr, line)
	}
}

// errorLines are the lines that an error was made of: those of a list, those of errors joined, and what was put before
// either. All else is one line, whatever its text.
func errorLines(err error) []string {
	if list, ok := err.(interface{ Lines() []string }); ok {
		return list.Lines()
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok && errors.Join(joined.Unwrap()...).Error() == err.Error() {
		var all []string
		for _, one := range joined.Unwrap() {
			all = append(all, errorLines(one)...)
		}
		return all
	}
	if inner := errors.Unwrap(err); inner != nil {
		if before, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			all := errorLines(inner)
			all[0] = before + all[0]
			return all
		}
	}
	return []string{err.Error()}
}
