package optout

import "strings"

// forms is how a rule with @verbs is named and formed: CALL, CALLING, CALLED, in the rules' text
// @call. Spanish verbs have many more forms: see spanish.go.
var forms = map[string]func(verb string) string{"": base, "ING": gerund, "ED": past}

// conjugate puts every @verb of a rule's text into a form.
func conjugate(body, suffix string, form func(string) string) string {
	words := strings.Fields(body)
	for i, w := range words {
		verbs, ok := strings.CutPrefix(w, "@")
		if !ok {
			continue
		}
		all := strings.Split(verbs, "/")
		for j := range all {
			if v := all[j]; v[0] >= 'A' && v[0] <= 'Z' { // a rule that is conjugated, too
				all[j] = v + suffix
			} else {
				all[j] = form(v)
			}
		}
		words[i] = strings.Join(all, "/")
	}
	return strings.Join(words, " ")
}

func base(verb string) string { return verb }

// doubled is verbs that double their last letter.
const doubled = " let clog jam bug spam hit get put cut quit stop drop strip scrub opt log jam nag "

func gerund(verb string) string {
	switch {
	case strings.Contains(doubled, " "+verb+" "):
		return verb + verb[len(verb)-1:] + "ing"
	case verb == "tie":
		return "tying"
	case strings.HasSuffix(verb, "e") && !strings.HasSuffix(verb, "ee"):
		return verb[:len(verb)-1] + "ing"
	}
	return verb + "ing"
}

// irregular is pasts, and participles where they differ.
var irregular = map[string]string{
	"ring": "rang/rung", "hit": "hit", "leave": "left", "send": "sent",
	"give": "gave/given",
	"make": "made", "blow": "blew/blown", "get": "got/gotten", "keep": "kept", "put": "put", "take": "took/taken",
	"tell": "told",
	"try":  "tried", "cut": "cut", "quit": "quit", "strike": "struck/stricken", "sell": "sold", "tie": "tied",
	"reach": "reached", "let": "let",
	"withdraw": "withdrew/withdrawn", "harass": "harassed", "buzz": "buzzed"}

func past(verb string) string {
	switch p, ok := irregular[verb]; {
	case ok:
		return p
	case strings.Contains(doubled, " "+verb+" "):
		return verb + verb[len(verb)-1:] + "ed"
	case strings.HasSuffix(verb, "e"):
		return verb + "d"
	}
	return verb + "ed"
}
