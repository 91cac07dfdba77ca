package consent

import (
	"strings"
	"unicode"
)

// defects is what the record of a written consent lacks of the elements that 47
// CFR 64.1200(f)(9) and 16 CFR 310.4(b)(1)(v) want, as far as a machine can see.
// Whether the text was clear and conspicuous, a person has to judge.
func (e *evaluation) defects(f *Fact) []string {
	if f.Tier != Written {
		return nil
	}
	if f.Evidence == nil {
		return []string{"all evidence"}
	}
	var lacks []string
	need := func(ok bool, what string) {
		if !ok {
			lacks = append(lacks, what)
		}
	}
	ev := f.Evidence
	text := plain(ev.Text)
	need(text != "", "the text of the agreement")
	name := plain(e.req.Seller.LegalName)
	need(name != "" && containsWords(text, name), "the seller's legal name")
	need(namesNumber(ev.Text, f.Number.E164(), text), "the telephone number")
	need(hasAny(text, artificialVoice), "the words for an artificial voice")
	need(hasAny(text, automaticCalls), "the words for automatic dialing or an artificial or prerecorded voice")
	need(noCondition(ev.Text), "that agreeing is not a condition of purchase")
	signature := plain(ev.Signature)
	need(signature != "", "a signature")
	need(!hasAny(signature, []string{"pre ticked", "preticked", "pre checked", "prechecked", "ticked by default",
		"checked by default"}), "an affirmative act: the box was ticked beforehand")
	need(strings.TrimSpace(ev.Method) != "", "how it was given")
	need(!strings.HasPrefix(ev.Method, "web") || strings.TrimSpace(ev.URL) != "", "the page where it was given")
	need(strings.TrimSpace(ev.VerifiedBy) != "", "how it was verified that the number is the person's")
	return lacks
}

var (
	// An AI's voice is artificial (FCC 24-17); a text that knows only recordings
	// does not speak of it.
	artificialVoice = []string{"artificial voice", "artificial or prerecorded voice",
		"artificial or pre recorded voice", "prerecorded or artificial voice",
		"pre recorded or artificial voice", "artificial and prerecorded voice", "artificial and or prerecorded voice",
		"artificially generated voice", "artificial intelligence voice", "ai voice", "ai generated voice", "synthetic voice",
		"artificial or prerecorded message", "artificial or prerecorded call", "voz artificial"}
	automaticCalls = append([]string{"autodialer", "auto dialer", "autodialed", "auto dialed",
		"automatic telephone dialing", "automated telephone dialing", "automatic dialing", "automated dialing",
		"automatic telephone dialling", "automated calls", "prerecorded", "pre recorded", "marcador automatico", "marcacion automatica"}, artificialVoice...) //nolint:misspell // Spanish
)

// noCondition looks for the disclosure that nobody has to agree in order to buy:
// the words of it, after a "no" in the same sentence.
func noCondition(text string) bool {
	for sentence := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune(".!?;\n", r) }) {
		sentence = plain(sentence)
		for _, p := range purchaseCondition {
			before, _, found := strings.Cut(sentence, p)
			if found && hasAny(before, []string{"not", "no", "nor", "never", "isnt", "arent"}) {
				return true
			}
		}
	}
	return false
}

var purchaseCondition = []string{"condition of any purchase", "condition of purchase", "condition of a purchase",
	"condition of my purchase", "condition of your purchase",
	"condition of purchasing", "condition of buying", "condition to purchase", "condition for purchase",
	"required to purchase", "required to buy", "required to make a purchase",
	"required in order to purchase", "required for purchase", "required for any purchase", "condicion de compra",
	"condicion de ninguna compra", "condicion para comprar", "requisito para comprar"}

// namesNumber tells whether a text names a number, in whatever grouping, or refers
// to the one that was entered beside it, which is the fact's own.
func namesNumber(text, e164, plain string) bool {
	national := strings.TrimPrefix(strings.TrimPrefix(e164, "+"), "1")
	if national == "" {
		return false
	}
	return strings.Contains(digits(text), national) ||
		hasAny(plain, []string{"number i entered", "number i provided", "number i gave", "number i have provided",
			"number i have entered", "number provided", "number entered", "number given", "number above", "number below",
			"number submitted"})
}

// digits is the numbers in a text, each on its own: "(415) 555-2671 or 3" is
// "4155552671 3".
func digits(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -–.()+/\u00a0\u2011", r):
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func hasAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if containsWords(text, p) {
			return true
		}
	}
	return false
}

// containsWords tells whether a text has a phrase at the bounds of words.
func containsWords(text, phrase string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], phrase)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(phrase)
		if (start == 0 || text[start-1] == ' ') && (end == len(text) || text[end] == ' ' || text[end] == 's') {
			return true
		}
		from = start + 1
	}
}

// plain is a text in lower case, without accents, apostrophes or punctuation, its
// words one space apart.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch r = unaccent(unicode.ToLower(r)); {
		case r == '\'' || r == '’' || r == '‘' || r == '`' || unicode.Is(unicode.Mn, r): // nothing between two letters
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		default:
			space = true
		}
	}
	return b.String()
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
