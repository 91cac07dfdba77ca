package builtin

import (
	"errors"
	"slices"
	"strings"
	"unicode"
)

// Said is what the caller said last.
type Said struct {
	Words string // and shortly before that, a line each; empty if they have said nothing
	Last  string // of the words
	After string // what the agent had said before the last
}

var (
	errNoWords  = errors.New("the caller has said nothing that could be the evidence")
	errDeclined = errors.New("the caller's last words are a no")
)

// consents refuses what is no evidence of a consent. What else was said is for a person to judge.
func (s Said) consents() error {
	switch {
	case s.Words == "":
		return errNoWords
	case declines(s.Last):
		return errDeclined
	}
	return nil
}

// declines tells whether all that somebody said is no. An agent may take it for a yes; a consent does not come of it.
func declines(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && r != '\'' && r != '’'
	})
	return slices.Contains(refusals, strings.ReplaceAll(strings.Join(words, " "), "’", "'"))
}

var refusals = []string{
	"no", "nope", "nah", "no no", "no no no", "no thanks", "no thank you", "no i don't", "no don't", "don't",
	"please don't", "no please don't", "not now", "no need", "no that's fine", "no it's fine", "no i'm good",
	"i'd rather not", "i don't want that", "no i don't want that", "don't call me", "no gracias", "que no",
}
