package consent

import (
	"html"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// legible is a text in lower case as a reader sees it, so that what looks the same is the
// same: without accents and signs that nobody sees, with wide letters and digits as plain
// ones, and letters of other alphabets that look like Latin ones as those.
func legible(s string) string {
	s = norm.NFKD.String(html.UnescapeString(s))
	return strings.Map(func(r rune) rune {
		if r = unicode.ToLower(r); r < unicode.MaxASCII {
			return r
		}
		if unicode.In(r, unicode.Mn, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		if i := strings.IndexRune(foreign, r); i >= 0 {
			return rune(latin[len([]rune(foreign[:i]))])
		}
		return r
	}, s)
}

// hasWords tells whether there is a letter or a digit in a text.
func hasWords(s string) bool {
	return strings.ContainsFunc(legible(s), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// Letters that look like those of the Latin alphabet, in lower case or as capitals, and
// which.
const (
	foreign = "авсеһнікморԛѕтухѵԝԁјɡαβεηικορτυχζıſ"
	latin   = "abcehhikmopqstyxvwdjgabehikoptyxzis"
)
