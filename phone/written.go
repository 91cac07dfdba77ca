package phone

import (
	"errors"
	"strings"
	"unicode"
)

// written is a number as it was written, cut into what counts.
type written struct {
	digits string
	plus   bool
	slash  bool
	ends   []int // how many digits stood before each sign between two of them
}

// groups is the ends of groups after the first skip digits.
func (w written) groups(skip int) (ends []int) {
	for _, end := range w.ends {
		if end > skip {
			ends = append(ends, end-skip)
		}
	}
	return ends
}

// split cuts a number into digits and signs, and refuses every sign that a number
// alone would not have.
func split(s string) (w written, err error) {
	s = strings.Map(func(r rune) rune {
		if unseen(r) {
			return -1
		}
		return plain(r)
	}, s)
	s = strings.TrimSpace(s)
	if err := spreadsheet(s); err != nil {
		return w, err
	}
	if len(s) >= 4 && strings.EqualFold(s[:4], "tel:") {
		s = strings.TrimSpace(s[4:])
	}
	s = strings.TrimSuffix(s, ".")
	if len(s) > longestWritten {
		return w, errors.New("is longer than any number: is it more than one?")
	}
	var digits strings.Builder
	open := -1 // digits before the open bracket; -1 for none
	for _, r := range s {
		n := digits.Len()
		switch {
		case '0' <= r && r <= '9':
			digits.WriteRune(r)
			continue
		case r == '+' && (w.plus || n > 0):
			return w, errors.New("has a + in the middle: is it two numbers?")
		case r == '+':
			w.plus = true
			continue
		case r == '(' && open < 0:
			open = n
		case r == ')' && open >= 0:
			if digits.String()[open:] == "0" {
				return w, errors.New("contains (0), which is not dialed from abroad: leave it out")
			}
			open = -1
		case r == '/':
			w.slash = true
		case r == ' ' || r == '-' || r == '.':
		default:
			return w, stray(r)
		}
		if n > 0 && (len(w.ends) == 0 || w.ends[len(w.ends)-1] != n) {
			w.ends = append(w.ends, n)
		}
	}
	if open >= 0 {
		return w, errors.New("has an unclosed bracket")
	}
	w.digits = digits.String()
	return w, nil
}

// longestWritten is longer than any number with all its signs, in bytes.
const longestWritten = 40

// stray says why a sign makes a cell more than a number.
func stray(r rune) error {
	switch {
	case unicode.IsLetter(r):
		return errors.New("contains letters: put extensions, labels and notes in another column")
	case r == ',' || r == ';' || r == '|' || r == '&':
		return errors.New("contains a separator: want one number, without pauses or extensions")
	case r == '#' || r == '*' || r == ':':
		return errors.New("contains keys or labels: want one number, without an extension")
	}
	return errors.New("has a character that is not part of a number")
}

// plain is the sign of a keyboard that a typographic one stands for.
func plain(r rune) rune {
	switch {
	case r < 0x80:
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	case '０' <= r && r <= '９':
		return r - '０' + '0'
	case '٠' <= r && r <= '٩':
		return r - '٠' + '0'
	case '۰' <= r && r <= '۹':
		return r - '۰' + '0'
	case unicode.Is(unicode.Pd, r) || r == '−' || r == 'ー':
		return '-'
	case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
		return ' '
	case 'Ａ' <= r && r <= 'ｚ' || r == '：' || r == '，' || r == '；' || r == '＃' || r == '＊':
		return r - '！' + '!'
	}
	switch r {
	case '＋':
		return '+'
	case '（':
		return '('
	case '）':
		return ')'
	case '．', '·', '•', '‧', '∙', '․':
		return '.'
	case '／', '⁄', '∕':
		return '/'
	}
	return r
}
