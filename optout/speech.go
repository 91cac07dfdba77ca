package optout

import (
	"strings"
	"unicode"
)

// sentences cuts what was said or written into sentences of plain words: lower
// case, without accents, contractions written out, with a "," where there was one.
func sentences(text string) [][]string {
	var all [][]string
	var words []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			words = appendWord(words, string(word))
			word = word[:0]
		}
	}
	stop := func() {
		if end(); len(words) > 0 {
			all = append(all, joinLetters(words))
			words = nil
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		if r >= '！' && r <= '～' { // the wide forms of ASCII
			r -= '！' - '!'
		}
		switch r = unaccent(unicode.ToLower(r)); {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
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
		case strings.ContainsRune(",—–()", r):
			if end(); len(words) > 0 && words[len(words)-1] != "," {
				words = append(words, ",")
			}
		default:
			end()
		}
	}
	stop()
	return all
}

// contractions is words that stand for two.
var contractions = map[string]string{
	"dont": "do not", "doesnt": "does not", "didnt": "did not", "wont": "will not", "cant": "can not", "cannot": "can not", "wouldnt": "would not",
	"couldnt": "could not", "shouldnt": "should not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not", "havent": "have not",
	"hasnt": "has not", "hadnt": "had not", "aint": "is not", "mustnt": "must not", "im": "i am", "ive": "i have", "youre": "you are", "youve": "you have",
	"theyre": "they are", "yall": "you all", "gonna": "going to", "wanna": "want to", "gotta": "got to", "lemme": "let me", "gimme": "give me",
	"optout": "opt out", "optme": "opt me", "stopall": "stop all", "pls": "please", "plz": "please", "u": "you", "ur": "your", "callin": "calling",
	"textin": "texting", "botherin": "bothering", "anymore": "any more", "robocalling": "robo calling", "ma'am": "maam",
}

// suffixes is what may stand after an apostrophe, and what it stands for.
var suffixes = map[string]string{"ll": "will", "d": "would", "m": "am", "re": "are", "ve": "have", "s": ""}

// appendWord adds a word, or those that it stands for.
func appendWord(words []string, w string) []string {
	w = strings.Trim(w, "'")
	if full, ok := contractions[strings.ReplaceAll(w, "'", "")]; ok && (strings.Contains(w, "'") || len(w) != 2 || w == "im") {
		return append(words, strings.Fields(full)...)
	}
	if head, tail, ok := strings.Cut(w, "'"); ok {
		if full, known := suffixes[tail]; known {
			if words = append(words, head); full != "" {
				words = append(words, full)
			}
			return words
		}
		w = strings.ReplaceAll(w, "'", "")
	}
	if w == "" {
		return words
	}
	return append(words, w)
}

// joinLetters makes one word of three or more letters in a row: s t o p.
func joinLetters(words []string) []string {
	for i := 0; i < len(words); i++ {
		n := 0
		for i+n < len(words) && len(words[i+n]) == 1 && words[i+n] != "," {
			n++
		}
		if n >= 3 {
			words = append(append(words[:i:i], strings.Join(words[i:i+n], "")), words[i+n:]...)
		}
	}
	return words
}
