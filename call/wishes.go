package call

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of what is remembered of the caller's words.
const (
	utterancesMost = 3
	utteranceLife  = time.Minute // beside the last one, which stays
	utteranceMost  = 2000        // bytes of each
	questionMost   = 1000        // bytes of what the agent had said
)

// wishes is what a caller said last, in their words.
type wishes struct {
	question   string      // what the agent said last
	utterances []utterance // as heard, the newest last
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

// last is the last thing that the caller said; zero if they have said nothing.
func (w *wishes) last() utterance {
	if n := len(w.utterances); n > 0 {
		return w.utterances[n-1]
	}
	return utterance{}
}

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
