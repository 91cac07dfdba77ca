package redact

import (
	"strings"
	"unicode/utf8"
)

// The digits of a payment card number (ISO/IEC 7812-1), and what of them may be shown (PCI DSS 3.4.1 allows the last four).
const (
	cardLeast = 13
	maxCard   = 19
	cardShown = 4
)

// maskCards masks all but the last four digits of every payment card number. A number is one if Luhn's sum is right and
// it stands by itself. Within longer numbers, of which one part in ten has the right sum, it has to begin like a card of
// a known network, too.
func maskCards(s string) string {
	if len(s) < cardLeast {
		return s
	}
	var out []byte
	var run []int
	for i := 0; i < len(s); {
		if !digit(s[i]) {
			i++
			continue
		}
		run, i = digits(run[:0], s, i)
		if len(run) < cardLeast {
			continue
		}
		if out == nil {
			out = []byte(s)
		}
		maskRun(out, run)
	}
	if out == nil {
		return s
	}
	return string(out)
}

// digits appends where the digits of a run are that begins at i. Up to three spaces and dashes may be between two.
func digits(run []int, s string, i int) ([]int, int) {
	for gap := 0; i < len(s); {
		switch n := separator(s[i:]); {
		case digit(s[i]):
			run, gap = append(run, i), 0
			i++
		case n > 0 && gap < 3:
			gap++
			i += n
		default:
			return run, i
		}
	}
	return run, i
}

// separator is the length of the space or dash that s begins with, 0 if it begins with something else.
func separator(s string) int {
	if s[0] == ' ' || s[0] == '-' {
		return 1
	}
	switch r, n := utf8.DecodeRuneInString(s); {
	case r == '\u00a0' || r == '\u202f' || r >= '\u2010' && r <= '\u2015' || r == '\u2212':
		return n
	}
	return 0
}

// maskRun masks the card numbers in a run of digits.
func maskRun(s []byte, run []int) {
	for i := 0; i+cardLeast <= len(run); {
		n := cardAt(s, run, i)
		if n == 0 {
			i++
			continue
		}
		for _, at := range run[i : i+n-cardShown] {
			s[at] = '*'
		}
		i = max(0, i-maxCard) // what ended here stands by itself now
	}
}

// cardAt is how many digits the longest card number has that begins at run[i]; 0 if there is none.
func cardAt(s []byte, run []int, i int) int {
	var number [maxCard]byte
	n := 0
	for n < maxCard && i+n < len(run) && digit(s[run[i+n]]) {
		number[n] = s[run[i+n]] - '0'
		n++
	}
	first := run[i]
	begins := first == 0 || !digit(s[first-1]) && !(s[first-1] == '.' && first > 1 && digit(s[first-2])) // not within a fraction
	for ; n >= cardLeast; n-- {
		last := run[i+n-1]
		alone := begins && (last+1 == len(s) || !digit(s[last+1]))
		if luhn(number[:n]) && (alone || network(number[:n])) {
			return n
		}
	}
	return 0
}

// luhn tells whether the sum of ISO/IEC 7812-1, annex B, is right.
func luhn(number []byte) bool {
	sum := 0
	for i, d := range number {
		v := int(d)
		if (len(number)-i)%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0 && strings.Trim(string(number), "\x00") != ""
}

// network tells whether a number begins like those of a network, and is as long.
func network(number []byte) bool {
	head := 0 // the first four digits
	for _, d := range number[:4] {
		head = head*10 + int(d)
	}
	for _, n := range networks {
		if head >= n.from && head <= n.to && len(number) >= n.least && len(number) <= n.most {
			return true
		}
	}
	return false
}

// networks are the ranges of first digits, as the networks publish them.
var networks = []struct{ from, to, least, most int }{
	{4000, 4999, 13, 13}, {4000, 4999, 16, 16}, {4000, 4999, 19, 19}, // Visa
	{5100, 5599, 16, 16}, {2221, 2720, 16, 16}, // Mastercard
	{3400, 3499, 15, 15}, {3700, 3799, 15, 15}, // American Express
	{6011, 6011, 16, 19}, {6440, 6599, 16, 19}, // Discover
	{3000, 3059, 14, 19}, {3600, 3699, 14, 19}, {3800, 3999, 14, 19}, // Diners Club
	{3528, 3589, 16, 19}, // JCB
	{6200, 6299, 16, 19}, // UnionPay
}
