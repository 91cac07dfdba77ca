package call

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of what is remembered of the caller's words.
const (
	utterancesMost = 3
	utteranceLife  = time.Minute // beside the last one, which stays
	utteranceMost  = 2000        // bytes of each
)

// wishes is what a caller said last, in their words, and the calls back that they asked for.
type wishes struct {
	utterances []utterance // as heard, the newest last
	callbacks  []scheduled
	asking     bool // one is being scheduled
}

type utterance struct {
	text string
	at   time.Time
}

// heard remembers what the caller said.
func (w *wishes) heard(text string, now time.Time) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	if len(text) > utteranceMost {
		text = text[:utteranceMost]
		for !utf8.ValidString(text) && len(text) > 0 {
			text = text[:len(text)-1]
		}
	}
	if w.utterances = append(w.utterances, utterance{text, now}); len(w.utterances) > utterancesMost {
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
