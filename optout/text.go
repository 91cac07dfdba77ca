package optout

import (
	"slices"
	"strings"
	"unicode"
)

// Text tells what the body of a text message means. The keywords of the carriers count as the
// whole message; a reaction to a text of ours, or a quotation of it, means nothing.
func Text(body string) Meaning {
	body, quotes := own(body)
	if quotes && strings.TrimSpace(body) == "" {
		return Meaning{}
	}
	all := sentences(body)
	if whole(all, "TEXTOUT") {
		return Meaning{Kind: Refusal}
	}
	return read(all)
}

// Help tells whether the body of a text message asks who is writing: HELP, INFO, AYUDA.
func Help(body string) bool { return whole(sentences(body), "TEXTHELP") }

// Start tells whether the body of a text message is a keyword of those who want to be called
// again: START, UNSTOP, YES.
func Start(body string) bool { return whole(sentences(body), "TEXTSTART") }

// whole tells whether a message is what a rule says and no more than courtesies beside it.
func whole(all []sentence, rule string) bool {
	words := slices.Concat(all...)
	if len(words) == 0 || len(words) > widest {
		return false
	}
	for w := range windows(words) {
		return w.at(w.grammar.rules[rule], 0)>>len(words)&1 != 0
	}
	return false
}

// reactions is how a telephone begins the text that it sends for a reaction to another.
var reactions = strings.Fields("liked loved disliked emphasized questioned reacted removed laughed " +
	"encanto gusto gusta reacciono rio destaco " +
	"pregunto quito marco enfatizo disgusto reaccionaste " +
	"aime adore encanta importa risa interrogo dudo")

// own is what of a text is the person's own: neither a reaction to ours, nor what stands in
// quotation marks. True tells that something was left out.
func own(body string) (string, bool) {
	open, shut := quotation(body)
	if open < 0 {
		return body, false
	}
	lead := sentences(body[:open])
	if len(lead) == 0 && isReaction(body[:open]) {
		return "", true
	}
	for _, s := range lead {
		reacts := slices.ContainsFunc(s, func(w string) bool { return slices.Contains(reactions, w) })
		if len(s) <= 7 && reacts || len(s) <= 2 && isReaction(body[:open]) {
			return "", true
		}
	}
	quoted := body[open:shut]
	if len(strings.Fields(quoted)) < 3 && strings.TrimSpace(body[:open]+body[shut:]) == "" { // "STOP"
		return body, false
	}
	for _, s := range lead { // I said "stop calling me"
		for i, w := range s {
			if w == "i" && i+1 < len(s) && (s[i+1] == "said" || s[i+1] == "say" || s[i+1] == "told" || s[i+1] == "repeat") {
				return body, false
			}
		}
	}
	return body[:open] + " " + body[shut:], true
}

// isReaction tells whether what stands before a quotation are a sign, and perhaps "to" or "a".
func isReaction(lead string) bool {
	return strings.ContainsFunc(lead, func(r rune) bool { return unicode.Is(unicode.So, r) || r == '‼' })
}

// quotation is where the first quotation begins, and the last ends.
func quotation(body string) (open, shut int) {
	const opening, closing = "“\"«„‟”", "”\"»“‟"
	open = strings.IndexAny(body, opening)
	if open < 0 {
		return -1, -1
	}
	shut = strings.LastIndexAny(body, closing)
	if shut <= open {
		return open, len(body) // cut off
	}
	for shut++; shut < len(body) && body[shut]&0xC0 == 0x80; shut++ {
	}
	return open, shut
}
