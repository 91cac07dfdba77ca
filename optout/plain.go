package optout

import (
	"strings"
)

// noise is words that change nothing wherever they stand.
const noise = " uh um er ah eh hmm mm uhm please plis kindly just really actually literally honestly seriously " +
	"simply even " +
	"fucking fuckin fing freaking freakin frigging effing damn damned dang darn goddamn goddamned god " +
	"bloody hell heck stinking stupid " +
	"dammit ever-loving hereby politely respectfully favor "

// linking is words after which a comma is a pause.
const linking = " and but or because to the a your my of these "

// plain takes out of a sentence what means nothing: fillers, oaths, words and pairs of words
// said twice, and spelled letters' gaps.
func (s sentence) plain() sentence {
	s = s.joinLetters()
	out := s[:0:0]
	for i, w := range s {
		n := len(out)
		switch {
		case w == "favor" && n > 0 && out[n-1] == "por":
			out = out[:n-1]
			continue
		case w == "stupid" && n > 1 && out[n-1] == "me" && out[n-2] == "call": // a name
		case strings.Contains(noise, " "+w+" ") && !(w == "favor" && n > 0 && out[n-1] == "a"):
			continue
		case w == "," && (n == 0 || out[n-1] == ","):
			continue
		case w == "," && out[n-1] == "not" && i+1 < len(s) && (s[i+1] == "under" || s[i+1] == "ever"):
			continue
		case w == "," && strings.Contains(linking, " "+out[n-1]+" "): // "and, uh, I want"
			continue
		case n > 0 && out[n-1] == w && !digit(w):
			continue
		case n > 1 && out[n-1] == "," && out[n-2] == w && !digit(w): // stop, stop
			out = out[:n-1]
			continue
		case n > 0 && out[n-1] == "you" && (w == "people" || w == "guys" || w == "folks"),
			n > 0 && out[n-1] == "you" && w == "all" && i+1 < len(s) && s[i+1] != "the":
			continue
		}
		out = append(out, w)
		if n := len(out); n >= 4 && out[n-1] == out[n-3] && out[n-2] == out[n-4] && !digit(w) { // take me, take me off
			out = out[:n-2]
		}
	}
	return out.withoutCourtesies()
}

// What ends a sentence and means nothing.
const (
	courtesies = " , okay understood thanks bye goodbye gracias adios porfa porfavor entendido capisce "
	vocatives  = " sir maam bro bruh man dude buddy lady girl yo pal miss mister "
)

// withoutCourtesies takes them off a sentence's end. "Don't call me sir" keeps its last word.
func (s sentence) withoutCourtesies() sentence {
	for n := len(s); n > 0; n = len(s) {
		switch last := s[n-1]; {
		case strings.Contains(vocatives, " "+last+" "):
			if n > 2 && (s[n-3] == "call" || s[n-3] == "llame") { // may be a name
				return s
			}
			s = s[:n-1]
		case strings.Contains(courtesies, " "+last+" "):
			s = s[:n-1]
		case last == "you" && n > 1 && s[n-2] == "thank":
			s = s[:n-2]
		default:
			return s
		}
	}
	return s
}

// joinLetters makes one word of three or more letters in a row: s t o p.
func (s sentence) joinLetters() sentence {
	for i := 0; i < len(s); i++ {
		n := 0
		for i+n < len(s) && len(s[i+n]) == 1 && s[i+n] != "," && !digit(s[i+n]) {
			n++
		}
		if n >= 3 {
			s = append(append(s[:i:i], strings.Join(s[i:i+n], "")), s[i+n:]...)
		}
	}
	return s
}

func digit(w string) bool { return w[0] >= '0' && w[0] <= '9' }
