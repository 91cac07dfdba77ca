// Package hostile has the input that an attacker would send: every entry point's
// test reads it. An entry point may refuse an input or take it. It must answer
// soon, spend no more memory than a small multiple of what it may read, and print,
// log or store no byte that moves a terminal's cursor, hides text or ends a line.
package hostile

import (
	"fmt"
	"strings"
)

// Input is one hostile input.
type Input struct {
	Name string // for the test's name
	Text string
}

// Sizes of the large inputs.
const (
	ManyKeys = 100_000  // keys of one object, columns of one line
	Deep     = 100_000  // levels of nesting
	Huge     = 16 << 20 // bytes of one text
)

// Texts are short texts that a field, a name, a header or a cell can hold.
func Texts() []Input {
	return []Input{
		{"empty", ""},
		{"spaces", " \t\u00a0\u2003 "},
		{"ESC clears the screen", "a\x1b[2J\x1b[Hb"},
		{"ESC sets the title", "a\x1b]0;owned\x07b"},
		{"C1 control sequence", "a\u009b2Jb"},
		{"C1 as a bare byte", "a\x9b2Jb"},
		{"bidi override", "a\u202etxt.exe\u202cb"},
		{"bidi isolate", "a\u2066b\u2069c"},
		{"zero width", "a\u200b\u200d\ufeffb"},
		{"NUL", "a\x00b"},
		{"backspace and delete", "a\b\b\x7fb"},
		{"carriage return", "good line\rforged"},
		{"line ends", "a\nforged: line\r\nb\v\fc"},
		{"line ends of Unicode", "a\u2028forged\u2029b\u0085c"},
		{"tag characters", "a\U000e0041\U000e007fb"},
		{"invalid UTF-8", "a\xff\xfe\xc0\xafb"},
		{"half a rune", "a\xe2\x82"},
		{"a surrogate in UTF-8", "a\xed\xa0\x80b"},
		{"combining marks", "a" + strings.Repeat("\u0301", 1000)},
		{"SQL", `'; drop table calls; --`},
		{"a path upward", "../../../../etc/passwd"},
		{"a formula", `=cmd|' /C calc'!A0`},
		{"markup", `</Say><Dial>+19005550100</Dial>`},
		{"a format", "%s%n%!d(MISSING)${HOME}{{.}}"},
		{"a header", "a\r\nX-Injected: yes\r\n\r\n"},
		{"a large number", "1" + strings.Repeat("0", 400)},
		{"a negative number", "-9223372036854775809"},
	}
}

// Words are the texts that fit on a line of their own: none has a line end.
func Words() []Input {
	var list []Input
	for _, in := range Texts() {
		if !strings.ContainsAny(in.Text, "\n\r") {
			list = append(list, in)
		}
	}
	return list
}

// Large are texts without end, as far as an entry point is concerned.
func Large() []Input {
	return []Input{
		{"16 MiB of letters", strings.Repeat("a", Huge)},
		{"16 MiB of NUL", strings.Repeat("\x00", Huge)},
		{"16 MiB of quotes", strings.Repeat(`"`, Huge)},
		{"16 MiB of line ends", strings.Repeat("\n", Huge)},
	}
}

// join is n pieces that format makes of their numbers.
func join(n int, format string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
