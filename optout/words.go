package optout

import "slices"

// saysStop tells whether somebody who is on the telephone wants no more calls. It is
// the layer of fixed phrases, English and Spanish, that no model can overrule;
// another layer may only add to it. Where words can be read both ways they are read
// as a no: 47 CFR 64.1200(a)(10) takes any reasonable means.
func saysStop(text string) bool {
	return slices.ContainsFunc(sentences(text), func(s []string) bool { return outPhrases.find(s) != nil || bareStop(s) })
}

// textsStop tells whether the body of a text message is STOP or its kin, or says
// the same in other words. The seven words of 47 CFR 64.1200(a)(10) count as the
// whole message, whatever else they mean there: "cancel", but not "cancel my 3 pm".
func textsStop(body string) bool {
	all := sentences(body)
	return whole(all, textWords) || saysStop(body)
}

// asksHelp tells whether the body of a text message asks who is writing.
func asksHelp(body string) bool { return whole(sentences(body), helpWords) }

// whole tells whether a message is one of some words and no more than courtesies
// beside it.
func whole(all [][]string, list []pattern) bool {
	var words []string
	for _, s := range all {
		words = append(words, s...)
	}
	words = trim(words, courtesies)
	return slices.ContainsFunc(list, func(p pattern) bool { return len(words) > 0 && p.match(words, 0) == len(words) })
}

// bareStop tells whether a clause is nothing but "stop": what the opening asks for.
func bareStop(sentence []string) bool {
	for len(sentence) > 0 {
		n := slices.Index(sentence, ",")
		clause := sentence
		if n >= 0 {
			clause, sentence = sentence[:n], sentence[n+1:]
		} else {
			sentence = nil
		}
		clause = trim(clause, fillers)
		if len(clause) > 0 && slices.ContainsFunc(bare, func(p pattern) bool { return p.match(clause, 0) == len(clause) }) {
			return true
		}
	}
	return false
}

// trim takes words off both ends that mean nothing by themselves.
func trim(words []string, idle map[string]bool) []string {
	for {
		n := len(words)
		switch {
		case n == 0:
			return words
		case idle[words[0]] || words[0] == ",":
			words = words[1:]
		case idle[words[n-1]] || words[n-1] == ",":
			words = words[:n-1]
		case n >= 2 && words[0] == "thank" && words[1] == "you":
			words = words[2:]
		case n >= 2 && words[n-2] == "thank" && words[n-1] == "you":
			words = words[:n-2]
		default:
			return words
		}
	}
}
