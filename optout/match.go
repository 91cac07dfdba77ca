package optout

import (
	"math/bits"
	"slices"
)

// widest is how many words are looked at together. A longer sentence, as a recognizer writes
// that knows no full stops, is read in windows of so many words that overlap by half.
const widest = 62

// window is a part of a sentence, by the numbers of its words. A set of places in it is the bits
// of a number.
type window struct {
	grammar *grammar
	words   []uint16
	text    sentence
	strict  bool // no comma may stand between the words of a rule

	known [512]struct { // answers of at, the newest: many rules begin with the same others
		key uint32
		at  uint64
	}
}

// at is the places where a rule ends that begins at a place.
func (w *window) at(r *rule, at int) (ends uint64) {
	i := w.skip(at)
	begun := i < len(w.words) && r.begun[w.words[i]/64]>>(w.words[i]%64)&1 != 0
	if !begun && len(r.any) == 0 {
		return 0
	}
	key := uint32(r.number)<<7 | uint32(at)<<1 | 1<<31
	if w.strict {
		key |= 1
	}
	known := &w.known[key*2654435761>>23]
	if known.key == key {
		return known.at
	}
	if begun {
		n, _ := slices.BinarySearchFunc(r.first, w.words[i], first.compare)
		for ; n < len(r.first) && r.first[n].word == w.words[i]; n++ {
			ends |= w.way(r.ways[r.first[n].way], at)
		}
	}
	for _, n := range r.any {
		ends |= w.way(r.ways[n], at)
	}
	known.key, known.at = key, ends
	return ends
}

// way is the places where a row of elements ends that begins at a place.
func (w *window) way(row way, at int) uint64 {
	set := uint64(1) << at
	for i := range row {
		if set = w.element(row[i], set); set == 0 {
			return 0
		}
	}
	return set
}

// element is the places where an element ends that begins at one of a set of places.
func (w *window) element(e *element, set uint64) (ends uint64) {
	if e.optional || e.repeated {
		ends = set
	}
	for {
		var next uint64
		for rest := set; rest != 0; rest &= rest - 1 {
			next |= w.one(e, bits.TrailingZeros64(rest))
		}
		next &^= ends
		ends |= next
		if set = next; !e.repeated || next == 0 {
			return ends
		}
	}
}

// one is the places where an element ends that begins at a place.
func (w *window) one(e *element, at int) (ends uint64) {
	here := uint64(1) << at
	switch e.kind {
	case isBegin:
		if at == 0 || w.words[at-1] == comma {
			return here
		}
		return 0
	case isAny:
		if at < len(w.words) && w.words[at] != comma {
			return here << 1
		}
		return 0
	case isGap:
		for n := 0; n <= e.gap && at+n <= len(w.words); n++ {
			ends |= here << n
			if at+n < len(w.words) && w.words[at+n] == comma {
				break
			}
		}
		return ends & w.all()
	case isAhead:
		if w.starts(e, at) != 0 {
			return here
		}
		return 0
	case isNotAhead:
		if w.starts(e, at) == 0 {
			return here
		}
		return 0
	case isNotBehind:
		for _, r := range e.rules {
			if w.behind(r, at) {
				return 0
			}
		}
		if at > 0 && contains(e.words, w.words[at-1]) {
			return 0
		}
		return here
	}
	return w.starts(e, at)
}

// starts is the places where one of an element's words or rules ends that begins at a place.
func (w *window) starts(e *element, at int) (ends uint64) {
	if i := w.skip(at); i < len(w.words) && contains(e.words, w.words[i]) {
		ends |= 2 << i
	}
	if slices.Contains(e.words, clauseEnd) && (at == len(w.words) || w.words[at] == comma) {
		ends |= 1 << at
	}
	for _, r := range e.rules {
		ends |= w.at(r, at)
	}
	return ends & w.all()
}

// behind tells whether a rule ends at a place, within a clause.
func (w *window) behind(r *rule, at int) bool {
	strict := w.strict
	w.strict = true
	defer func() { w.strict = strict }()
	for from := at - 1; from >= 0 && from >= at-maxBehind && w.words[from] != comma; from-- {
		if w.at(r, from)>>at&1 != 0 {
			return true
		}
	}
	return false
}

// maxBehind is how far back what a phrase depends on may begin.
const maxBehind = 14

// skip is the place itself, or that behind a comma there that may be passed over: none after a
// no, since "I don't, call me back" is no "don't call me".
func (w *window) skip(at int) int {
	if at < len(w.words) && w.words[at] == comma && w.passes(at) {
		return at + 1
	}
	return at
}

func (w *window) passes(at int) bool {
	return !w.strict && at > 0 && w.text[at-1] != "not" && w.text[at-1] != "no"
}

// all is every place, and that behind the last word.
func (w *window) all() uint64 { return 1<<len(w.words)<<1 - 1 }

func contains(words []uint16, id uint16) bool {
	if id < firstWord {
		return false
	}
	if len(words) > 8 {
		_, ok := slices.BinarySearch(words, id)
		return ok
	}
	return slices.Contains(words, id)
}
