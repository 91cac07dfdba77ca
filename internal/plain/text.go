package plain

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text makes visible what a terminal would obey or hide: control characters (C0, DEL and C1, so ESC, NUL and line ends),
// bidirectional and other invisible format characters, line and paragraph separators, and bytes that aren't UTF-8. Each
// becomes an escape as in Go: \n, \x1b, \u202e. All else stays as it is, a backslash too. The joiners U+200C and U+200D
// stay, since scripts and emoji need them.
func Text(s string) string {
	if !strings.ContainsFunc(s, hidden) { // which finds invalid bytes as well
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		b.WriteString(visible(r, s[:n]))
		s = s[n:]
	}
	return b.String()
}

// Clean is a text for a voice agent's model: without what Text would show, but with its line ends, as \n, and tabs. A model
// must not read what a person who reviews the text can't see. Bytes that aren't UTF-8 become U+FFFD.
func Clean(s string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && r != utf8.RuneError && hidden(r) {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

// JSON makes the same characters visible in encoded JSON, by JSON's own escapes: it decodes to the same value.
func JSON(encoded []byte) []byte {
	if !bytes.ContainsFunc(encoded, func(r rune) bool { return r != '\n' && hidden(r) }) {
		return encoded
	}
	var b strings.Builder
	for _, r := range string(encoded) {
		switch {
		case r == '\n' || r == '\r' || r == '\t' || r == utf8.RuneError || !hidden(r): // outside of strings, space
			b.WriteRune(r)
		case r > 0xffff:
			high, low := surrogates(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return []byte(b.String())
}

// hidden tells whether a character can't be seen, or changes how others are seen.
func hidden(r rune) bool {
	switch r {
	case '\u200c', '\u200d':
		return false
	case utf8.RuneError: // an invalid byte, or the character that stands for one
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// visible is a character as Text shows it; raw are its bytes.
func visible(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == utf8.RuneError || !hidden(r):
		return raw
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r > 0xffff:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// surrogates are the two halves by which JSON writes a character beyond 16 bits.
func surrogates(r rune) (high, low rune) {
	r -= 0x10000
	return 0xd800 + r>>10, 0xdc00 + r&0x3ff
}
