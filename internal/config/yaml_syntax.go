package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/patchcord/patchcord/internal/plain"
)

// syntaxWork is how many bytes are read to find the line of an error. A file of 500 lines takes up to 4 MB.
const syntaxWork = 8 << 20

// syntaxWords are the complaints of the YAML library, and what is wanted.
var syntaxWords = []struct{ complaint, words string }{
	{"found a tab character", "indented with a tab: want spaces"},
	{"cannot start any token", "a string can't begin with this character: put it in quotes"},
	{"unexpected end of stream", "unclosed quote"},
	{"unknown escape character", `in "…" write a backslash as \\, or use '…'`},
	{"expected ',' or ']'", "after [ want a comma between values, and ] after the last one"},
	{"expected ',' or '}'", "after { want a comma between values, and } after the last one"},
	{"expected '-' indicator", "want the next - of the list above, or a name indented like the list's own name"},
	{"expected key", "the indentation matches nothing above, or something follows a closing quote or bracket"},
	{"mapping values are not allowed", "want one name: value, and quotes around a string with a colon; is there a space after the colon in the line above?"},
	{"could not find expected ':'", "want name: value, with a space after the colon"},
	{"block sequence entries are not allowed", "want the - of a list on its own line, or [a, b]"},
	{"expected node content", "want a value; put a string that begins with , ] or } in quotes"},
	{"expected comment or line break", "want nothing after | or > on the same line"},
	{"expected alphabetic or numeric character", "want a name after & or *; put a string that begins with one in quotes"},
	{"value contains itself", "an alias is inside the block that it repeats"},
	{"map merge requires", "want the alias of a block after <<"},
	{"excessive aliasing", "excessive aliases"},
	{"control characters", "contains a control character"},
	{"UTF-8", "not UTF-8"},
}

var (
	saidLine  = regexp.MustCompile(`^(?:line (\d+): )?`)
	noAnchor  = regexp.MustCompile(`^unknown anchor '(.*)' referenced$`)
	indentTab = regexp.MustCompile(`^ *\t`)
)

// syntaxFault words what makes a file no YAML, with the line, which the library often doesn't know.
func syntaxFault(b []byte, err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := saidLine.FindStringSubmatch(text)[1]
	text = text[len(saidLine.FindString(text)):]
	words := text
	if m := noAnchor.FindStringSubmatch(text); m != nil {
		words = "no anchor &" + m[1] + " above, which *" + m[1] + " refers to; put a string that begins with * in quotes"
	}
	for _, w := range syntaxWords {
		if strings.Contains(text, w.complaint) {
			words = w.words
			break
		}
	}
	if n, content := brokenLine(b); n > 0 {
		line = fmt.Sprint(n)
		if indentTab.Match(content) {
			words = syntaxWords[0].words
		}
	}
	if line != "" {
		words = "line " + line + ": " + words
	}
	return errors.New(plain.Text(words))
}

// brokenLine is the first line without which what is above it would be YAML, and what is in it; 0 if that takes too long
// to find.
func brokenLine(b []byte) (n int, content []byte) {
	r := &lineReader{rest: b}
	_ = yaml.NewDecoder(r).Decode(&yaml.Node{}) // it fails: how far did it read?
	lines := bytes.SplitAfter(b, []byte("\n"))
	end := 0
	for _, l := range lines[:min(r.lines, len(lines))] {
		end += len(l)
	}
	work := 0
	for n = min(r.lines, len(lines)); n > 0 && work < syntaxWork; n-- {
		end -= len(lines[n-1])
		if work += end; sound(b[:end]) {
			return n, lines[n-1]
		}
	}
	return 0, nil
}

// sound tells whether a text is YAML. That a key is there twice doesn't matter.
func sound(b []byte) bool {
	if yaml.Unmarshal(b, &yaml.Node{}) != nil {
		return false
	}
	var wrong *yaml.TypeError
	err := yaml.Unmarshal(b, new(any))
	return err == nil || errors.As(err, &wrong)
}

// lineReader gives a line at a time, and counts them.
type lineReader struct {
	rest  []byte
	lines int // that were begun
}

func (r *lineReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := bytes.IndexByte(r.rest, '\n') + 1
	if n == 0 {
		n = len(r.rest)
	}
	if n = copy(p, r.rest[:n]); r.rest[n-1] == '\n' || n == len(r.rest) {
		r.lines++
	}
	r.rest = r.rest[n:]
	return n, nil
}

// another is an error if a second document begins, which nobody would read.
func another(b []byte) error {
	d := yaml.NewDecoder(bytes.NewReader(b))
	var n yaml.Node
	for range 2 {
		if d.Decode(&n) != nil {
			return nil
		}
	}
	if len(n.Content) == 0 || n.Content[0].Tag == "!!null" {
		return nil
	}
	return fmt.Errorf("line %d: a second document begins after ---: want only one", n.Content[0].Line)
}
