package optout

import (
	"cmp"
	"slices"
)

// compare orders by the word.
func (f first) compare(word uint16) int { return cmp.Compare(f.word, word) }

// index finds out which words may begin each way of a rule.
func (r *rule) index(g *grammar) {
	r.begun = make([]uint64, (int(firstWord)+len(g.ids))/64+1)
	for i, w := range r.ways {
		words, ok := w.begin(nil)
		if !ok {
			r.any = append(r.any, i)
			continue
		}
		slices.Sort(words)
		for _, id := range slices.Compact(words) {
			r.first = append(r.first, first{id, uint16(i)})
			r.begun[id/64] |= 1 << (id % 64)
		}
	}
	slices.SortFunc(r.first, func(a, b first) int {
		return cmp.Or(cmp.Compare(a.word, b.word), cmp.Compare(a.way, b.way))
	})
	r.first = slices.Clip(r.first)
}

// begin adds the words that a way may begin with; false if that can be any.
func (w way) begin(words []uint16) ([]uint16, bool) {
	for _, e := range w {
		switch e.kind {
		case isBegin, isAhead, isNotAhead, isNotBehind:
			continue
		case isAny, isGap:
			return nil, false
		}
		if slices.Contains(e.words, clauseEnd) {
			return nil, false
		}
		words = append(words, e.words...)
		for _, r := range e.rules {
			for _, way := range r.ways {
				var ok bool
				if words, ok = way.begin(words); !ok {
					return nil, false
				}
			}
		}
		if !e.optional && !e.repeated {
			return words, true
		}
	}
	return nil, false
}
