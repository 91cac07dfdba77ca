package amd

import (
	"slices"
	"strings"
)

// Bounds of hearing the same again. A person who gets no answer says a short sentence three times; nobody says a long
// one three times in the same words.
const (
	maxUtterances = 16  // that are remembered
	maxCompared   = 400 // bytes of an utterance that are compared
	longWords     = 12  // in an utterance that only a recording says again; or it is known to be a machine's
	longTell      = 2   // times, after which the agent is told
	longEnd       = 3
	similarWords  = .85 // of the words are the same
	rowWords      = 5   // in an utterance that counts if it comes again and again, with no other between
	rowTell       = 3
	rowEnd        = 6
)

// repetition is what the other side said, to notice that it is the same over and over.
//
// On a call that was placed: what is known to be a machine's words, or is 12 words long, and comes a second time nearly
// the same is told to the agent; the third time the call ends. On any call: six times the very same sentence of five
// words or more, with nothing between, ends it too: the caller may be a person who gets nowhere.
type repetition struct {
	heard []utterance // the newest last
	row   int         // times that the newest was said in a row
}

type utterance struct {
	plain string
	times int
}

// add takes an utterance and says whether the agent is to be told that it was heard before, or the call is to end.
func (r *repetition) add(plain string, speaks Speaker, placed bool) (tell, end bool) {
	if len(plain) > maxCompared {
		plain = plain[:maxCompared]
	}
	words := len(strings.Fields(plain))
	times, row := r.count(plain)
	long := placed && (speaks != Someone || words >= longWords)
	rows := words >= rowWords
	end = long && times >= longEnd || rows && row >= rowEnd
	tell = !end && placed && (long && times == longTell || rows && row == rowTell)
	return tell, end
}

// count remembers an utterance: how often nearly the same was said, and how often in a row.
func (r *repetition) count(plain string) (times, row int) {
	if n := len(r.heard); n > 0 && r.heard[n-1].plain == plain {
		r.row++
	} else {
		r.row = 1
	}
	u := utterance{plain, 1}
	if i := slices.IndexFunc(r.heard, func(o utterance) bool { return similar(o.plain, plain) }); i >= 0 {
		u.times += r.heard[i].times
		r.heard = slices.Delete(r.heard, i, i+1)
	}
	if len(r.heard) >= maxUtterances {
		r.heard = slices.Delete(r.heard, 0, 1)
	}
	r.heard = append(r.heard, u)
	return u.times, r.row
}

// similar tells whether two utterances have nearly the same words.
func similar(a, b string) bool {
	if a == b {
		return true
	}
	one, other := strings.Fields(a), strings.Fields(b)
	all, common := len(one)+len(other), 0
	for _, w := range one {
		if i := slices.Index(other, w); i >= 0 {
			other[i] = ""
			common += 2
		}
	}
	return float64(common) >= similarWords*float64(all)
}
