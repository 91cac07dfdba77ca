package agent

import (
	"slices"
	"strings"
	"unicode"
)

// SameWords tells whether two texts are the same words: case, punctuation and spaces don't
// count.
func SameWords(a, b string) bool { return slices.Equal(words(a), words(b)) }

func words(text string) []string {
	text = strings.ReplaceAll(strings.ToLower(text), "’", "'")
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' })
}
