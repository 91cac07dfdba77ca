package builtin

import (
	"strings"

	"github.com/patchcord/patchcord/phone"
)

// spokenNumber reads a number as people say it and agents write it: with marks between the digits, and without a
// country code for one of North America.
func spokenNumber(s string) (phone.Number, error) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/\u00a0\u2010\u2011", r) {
			return -1
		}
		return r
	}, s)
	switch {
	case strings.HasPrefix(s, "+"):
	case len(s) == 10:
		s = "+1" + s
	case len(s) == 11 && s[0] == '1':
		s = "+" + s
	}
	n, err := phone.Parse(s)
	if err == nil && strings.HasPrefix(s, "+1") && (len(s) != len("+14155550123") || s[2] < '2' || s[5] < '2') {
		err = phone.ErrNotE164
	}
	return n, err
}
