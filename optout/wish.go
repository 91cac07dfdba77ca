package optout

import (
	"slices"
	"strings"
)

// maxTail is how many words after a refusal its time may come.
const maxTail = 12

// wish is the time of the words from one place to another: behind them, up to where the next
// clause begins, or right before them. Ever is true for "today or ever again".
func (w *window) wish(from, to int, t timing, spanish bool) (when When, ok, ever bool) {
	words := w.text
	if spanish {
		words = translate(words)
	}
	for i, n := to, 0; i < len(words) && n < maxTail; i, n = i+1, n+1 {
		if t == by && urgent(words, i) {
			continue
		}
		if slices.Contains(frequencies, words[i]) { // "stop calling me every five minutes"
			n, i = n+2, i+2
			continue
		}
		if got, end := timeAt(words, i); end > i {
			when, ok, i = when.with(got), true, end-1
			continue
		}
		switch {
		case words[i] == "ever" || words[i] == "nunca" || words[i] == "never":
			return When{}, false, true
		case words[i] == "," && (ok || i+1 < len(words) && begins(words, i+1)):
		case words[i] == "or" || words[i] == "and":
			if _, end := timeAt(words, i+1); end == 0 && !slices.Contains(words[i:], "ever") {
				return when, ok, false
			}
		case strings.Contains(breaks, " "+words[i]+" "):
			return when, ok, false
		}
	}
	if ok || t == by {
		return when, ok, false
	}
	end := from
	for end > 0 && strings.Contains(between, " "+words[end-1]+" ") {
		end--
	}
	for start := max(0, end-8); start < end; start++ {
		opens := start == 0 || words[start-1] == "," || strings.Contains(breaks, " "+words[start-1]+" ")
		if !opens && (words[start] != "until" || words[from:].lasting()) { // "I'm away until Monday, don't call me"
			continue
		}
		if got, at := timeAt(words, start); at == end {
			return got, true, false
		}
	}
	return when, ok, false
}

// wanted is the wish to be called at a time, which begins at one of some places.
func (w *window) wanted(spanish bool, places ...int) (m Meaning) {
	words := w.text
	if spanish {
		words = translate(words)
	}
	for _, at := range places {
		if when, ok := wantedAt(words, at); ok {
			return Meaning{Preference, when}
		}
	}
	return m
}

// frequencies is words after which "a day" is no time.
var frequencies = []string{"every", "each", "times", "twice", "once", "cada"}

// breaks is the words at which another clause begins, between those between a time and what it
// is of: "until Monday, please don't".
const (
	breaks  = " , because i we you he she it but so since they thanks thank porque que yo pero this that "
	between = " , so then thanks okay i need you to "
)

// begins tells whether a time begins at a word.
func begins(words sentence, at int) bool {
	_, end := timeAt(words, at)
	return end > 0
}

// urgent tells whether "now", "today" stand at a place: with "stop" they are no wish.
func urgent(words sentence, at int) bool {
	switch words[at] {
	case "now", "today", "tonight", "immediately", "right", "currently", "this":
		return true
	}
	return false
}
