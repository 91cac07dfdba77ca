package plain

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// Ready is text that is printed as it is: of our own making, with each part from outside passed through [Text] already.
type Ready string

// Printf is fmt.Printf to standard output, with every argument shown by [Text]. The format is ours and stays as it is.
func Printf(format string, args ...any) { Fprintf(os.Stdout, format, args...) }

// Println is fmt.Println to standard output, with every argument shown by [Text].
func Println(args ...any) { Fprintln(os.Stdout, args...) }

// Fprintf is [Printf] to another writer. Whoever reads it may have gone, so that an error of writing is dropped.
func Fprintf(w io.Writer, format string, args ...any) {
	if false {
		_ = fmt.Sprintf(format, args...) // has go vet check the callers
	}
	_, _ = fmt.Fprintf(w, format, shown(args)...)
}

// Fprintln is [Println] to another writer.
func Fprintln(w io.Writer, args ...any) { _, _ = fmt.Fprintln(w, shown(args)...) }

// Lines is a text that may have several lines: each is shown by [Text]. It is for output that holds nothing else, in which
// a line proves nothing.
func Lines(s string) Ready {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = Text(line)
	}
	return Ready(strings.Join(lines, "\n"))
}

// shown wraps each argument that can hold text.
func shown(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case nil, bool, int, int64, uint64, float64: // also what a * of a format needs
			out[i] = a
		case Ready:
			out[i] = string(a)
		default:
			out[i] = argument{a}
		}
	}
	return out
}

// argument shows a value by Text, whatever the verb.
type argument struct{ value any }

// Format implements [fmt.Formatter].
func (a argument) Format(f fmt.State, verb rune) {
	_, _ = io.WriteString(f, Text(fmt.Sprintf(fmt.FormatString(f, verb), a.value)))
}
