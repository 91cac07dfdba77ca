package optout

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how much of a text is looked at, in bytes: of a longer one its first and its last
// half of this.
const longest = 64 << 10

// sentence is plain words: lower case, without accents, contractions written out, fillers left
// out, and a "," where one was.
type sentence []string

// sentences cuts what was said or written into sentences.
func sentences(text string) (all []sentence) {
	var s sentence
	var word []rune
	end := func() {
		if len(word) > 0 {
			s = appendWord(s, string(word))
			word = word[:0]
		}
	}
	stop := func() {
		end()
		if s = s.plain(); len(s) > 0 {
			all = append(all, s)
		}
		s = nil
	}
	runes := []rune(cut(text))
	for i, r := range runes {
		if r >= '！' && r <= '～' { // the wide forms of ASCII
			r -= '！' - '!'
		}
		digits := i > 0 && i+1 < len(runes) && unicode.IsDigit(runes[i-1]) && unicode.IsDigit(runes[i+1])
		switch r = unaccent(unicode.ToLower(r)); {
		case unicode.IsLetter(r) || unicode.IsDigit(r), digits && (r == ':' || r == '/'): // 5:30, 12/24
			word = append(word, r)
		case strings.ContainsRune("'’‘`ʼ", r):
			if len(word) > 0 {
				word = append(word, '\'')
			}
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r): // accents on their own, what nobody sees
		case r == '.' && len(word) == 1 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]): // S.T.O.P.
			end()
		case strings.ContainsRune(".!?;:¡¿…\n\r", r):
			stop()
		case r == '#': // "my #"
			end()
			s = append(s, "number")
		case strings.ContainsRune(",—–()", r):
			if end(); len(s) > 0 && s[len(s)-1] != "," {
				s = append(s, ",")
			}
		default:
			end()
		}
	}
	stop()
	return staccato(all)
}

// staccato makes one sentence of words that are said one by one: "Don't. Call. Me."
func staccato(all []sentence) (out []sentence) {
	for i := 0; i < len(all); {
		end := i
		for end < len(all) && len(all[end]) <= 2 {
			end++
		}
		if end-i < 3 {
			end = i + 1
		}
		out = append(out, slices.Concat(all[i:end]...).plain())
		i = end
	}
	return out
}

// cut leaves out the middle of a text that is too long.
func cut(text string) string {
	if len(text) <= longest {
		return text
	}
	head, tail := longest/2, len(text)-longest/2
	for head > 0 && !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return text[:head] + "\n" + text[tail:]
}

// unaccent takes the accents off the letters of Spanish, in lower case.
func unaccent(r rune) rune {
	switch r {
	case 'á', 'à', 'â', 'ä', 'ã':
		return 'a'
	case 'é', 'è', 'ê', 'ë':
		return 'e'
	case 'í', 'ì', 'î', 'ï':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö', 'õ':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	case 'ñ':
		return 'n'
	}
	return r
}
