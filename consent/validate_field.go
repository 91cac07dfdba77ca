package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// word looks at an identifier: short, printable, without a line's end.
func (e *FieldErrors) word(field, s string, required bool) {
	switch {
	case strings.TrimSpace(s) == "" && (required || s != ""):
		e.add(field, "is required")
	case len(s) > maxWord:
		e.add(field, "is longer than %d bytes", maxWord)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		e.add(field, "must be one line of text")
	}
}

// text looks at what a person wrote.
func (e *FieldErrors) text(field, s string, most int) {
	switch {
	case len(s) > most:
		e.add(field, "is longer than %d bytes", most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) &&
			r != '\n' && r != '\r' && r != '\t'
	}):
		e.add(field, "must be text")
	}
}

func (e *FieldErrors) oneOf(field, s string, list []string) {
	if !slices.Contains(list, s) {
		e.add(field, "must be one of %s", strings.Join(list, ", "))
	}
}

func (e *FieldErrors) date(field, s string, required bool, now time.Time) {
	if s == "" {
		if required {
			e.add(field, "is required, such as 2006-01-02")
		}
		return
	}
	switch t, err := time.Parse(time.DateOnly, s); {
	case err != nil:
		e.add(field, "must be a date such as 2006-01-02")
	case t.Before(firstDate):
		e.add(field, "is before %d", firstDate.Year())
	case t.Sub(now) > day: // somewhere it is tomorrow already
		e.add(field, "is in the future")
	}
}

func (e *FieldErrors) clock(field, s string) {
	if s == "" {
		return
	}
	if _, err := time.Parse("15:04", s); err != nil || len(s) != len("15:04") {
		e.add(field, "must be a time of day such as 15:04")
	}
}

// entries looks at a list of words.
func entries[S ~string](e *FieldErrors, field string, list, known []S, required bool) {
	if required && len(list) == 0 {
		e.add(field, "is required: at least one of %s", listOf(known))
	}
	if len(list) > maxList {
		e.add(field, "has more than %d entries", maxList)
		return
	}
	for i, s := range list {
		switch {
		case !slices.Contains(known, s):
			e.add(fmt.Sprintf("%s[%d]", field, i), "must be one of %s", listOf(known))
		case slices.Contains(list[:i], s):
			e.add(fmt.Sprintf("%s[%d]", field, i), "is a duplicate")
		}
	}
}

func listOf[S ~string](list []S) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = string(s)
	}
	return strings.Join(parts, ", ")
}
