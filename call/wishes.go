package call

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is remembered of the caller's words.
const (
	utterancesMost = 3
	utteranceLife  = time.Minute // beside the last one, which stays
	utteranceMost  = 2000        // bytes of each
	questionMost   = 1000        // bytes of what the agent had said
)

// wishes is what a caller said last, in their words, and the calls back that they asked for.
type wishes struct {
	question   string      // what the agent said last
	utterances []utterance // as heard, the newest last
	callbacks  []scheduled
	earlier    int  // calls back that another instance scheduled in this call
	asking     bool // one is being scheduled
}

type utterance struct {
	text  string
	after string // what the agent had said
	at    time.Time
}

// heard remembers what the caller said, in the order in which it was said.
func (w *wishes) heard(u utterance) {
	if u.text = short(strings.TrimSpace(u.text), utteranceMost); u.text == "" {
		return
	}
	i := len(w.utterances)
	for i > 0 && w.utterances[i-1].at.After(u.at) {
		i--
	}
	if w.utterances = slices.Insert(w.utterances, i, u); len(w.utterances) > utterancesMost {
		w.utterances = w.utterances[1:]
	}
}

// words is the last thing that the caller said, and what they said shortly before it, a line each;
// empty if they have said nothing.
func (w *wishes) words(now time.Time) string {
	var lines []string
	for i, u := range w.utterances {
		if i == len(w.utterances)-1 || now.Sub(u.at) <= utteranceLife {
			lines = append(lines, u.text)
		}
	}
	return strings.Join(lines, "\n")
}

// find is the call back about a topic at a time that was arranged already; nil if there is none.
func (w *wishes) find(topic string, at time.Time) *scheduled {
	for i := range w.callbacks {
		if s := &w.callbacks[i]; s.topic == topic && s.at.Equal(at) {
			return s
		}
	}
	return nil
}

// last is the last thing that the caller said; zero if they have said nothing.
func (w *wishes) last() utterance {
	if n := len(w.utterances); n > 0 {
		return w.utterances[n-1]
	}
	return utterance{}
}

// declines tells whether all that somebody said is no. An agent may take it for a yes; a consent
// does not come of it.
func (u utterance) declines() bool {
	text := strings.ToLower(strings.Join(strings.FieldsFunc(u.text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }), " "))
	return slices.Contains(refusals, strings.ReplaceAll(text, "’", "'"))
}

var refusals = []string{"no", "nope", "nah", "no no", "no no no", "no thanks", "no thank you", "no i don't", "no don't", "don't", "please don't", "no please don't", "not now",
	"no need", "no that's fine", "no it's fine", "no i'm good", "i'd rather not", "i don't want that", "no i don't want that", "don't call me", "no gracias", "que no"}

// short is a text of most bytes at most, in whole characters.
func short(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
