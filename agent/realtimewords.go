package agent

import (
	"slices"
	"strings"
	"unicode"
)

// digitWords are the digits as they are spoken, in English and Spanish.
var digitWords = map[string]string{
	"zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4",
	"five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
	"cero": "0", "uno": "1", "una": "1", "dos": "2", "tres": "3", "cuatro": "4",
	"cinco": "5", "seis": "6", "siete": "7", "ocho": "8", "nueve": "9",
}

// sameWords tells whether two texts are the same when they are spoken: case, punctuation,
// and how digits are written don't count.
func sameWords(a, b string) bool {
	words := plainWords(a)
	return len(words) > 0 && slices.Equal(words, plainWords(b))
}

// plainWords are the words of a text in small letters, digits as one run: "4 1 5" is
// "four one five", and "A.I." is "AI".
func plainWords(text string) []string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\'' || r == '’' || r == '.':
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			return unicode.ToLower(r)
		}
		return ' '
	}, spaceAfterStop(text))
	var words []string
	run := false
	for _, w := range strings.Fields(text) {
		if d, ok := digitWords[w]; ok {
			w = d
		}
		digits := strings.Trim(w, "0123456789") == ""
		if digits && run {
			words[len(words)-1] += w
		} else {
			words = append(words, w)
		}
		run = digits
	}
	return words
}

// spaceAfterStop parts two sentences that have no space between them, but not "A.I.".
func spaceAfterStop(text string) string {
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		b.WriteRune(r)
		if r == '.' && i >= 2 && unicode.IsLetter(runes[i-1]) && unicode.IsLetter(runes[i-2]) {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
