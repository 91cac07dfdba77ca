package optout

import (
	"slices"
	"strconv"
	"strings"
)

// phrase is words that mean something, wherever in a sentence they stand.
type phrase struct {
	is     pattern
	after  []pattern // right after one of these they don't mean it
	before []pattern // nor right before one of these
}

// pattern is a row of words. Its text has one word for each element: "a|b" is
// either, "a?" may be left out, "~3" is up to three words of any kind, "^" and "$"
// are the beginning and the end of a clause; "a|$" is a word or the end.
type pattern []element

type element struct {
	words    []string
	optional bool
	gap      int
	begin    bool // of a clause
	end      bool // of a clause, or one of the words
}

// vocabulary is the names that a pattern's text may use for many words.
type vocabulary map[string]string

func (v vocabulary) compile(text string) pattern {
	var p pattern
	for w := range strings.FieldsSeq(text) {
		var e element
		switch {
		case w == "^":
			e.begin = true
		case w[0] == '~':
			e.gap, _ = strconv.Atoi(w[1:])
		default:
			w, e.optional = strings.CutSuffix(w, "?")
			for alternative := range strings.SplitSeq(w, "|") {
				switch list, named := v[alternative]; {
				case named:
					e.words = append(e.words, strings.Split(list, "|")...)
				case alternative == "$":
					e.end = true
				default:
					e.words = append(e.words, alternative)
				}
			}
		}
		p = append(p, e)
	}
	return p
}

func (v vocabulary) all(texts ...string) []pattern {
	list := make([]pattern, len(texts))
	for i, t := range texts {
		list[i] = v.compile(t)
	}
	return list
}

// match tells where a pattern ends that begins at a word; -1 if it isn't there.
// Commas between its words are passed over, but not after a no: "I don't, call me
// back" is no "don't call me".
func (p pattern) match(words []string, at int) int {
	if len(p) == 0 {
		return at
	}
	e := p[0]
	switch {
	case e.begin:
		if at > 0 && words[at-1] != "," {
			return -1
		}
		return p[1:].match(words, at)
	case e.gap > 0:
		for n := range e.gap + 1 {
			if at+n > len(words) {
				break
			}
			if end := p[1:].match(words, at+n); end >= 0 {
				return end
			}
		}
		return -1
	}
	i := at
	if i > 0 && i < len(words) && words[i] == "," && words[i-1] != "not" && words[i-1] != "no" {
		i++
	}
	if i < len(words) && slices.Contains(e.words, words[i]) {
		if end := p[1:].match(words, i+1); end >= 0 {
			return end
		}
	}
	if e.optional || e.end && (at == len(words) || words[at] == ",") {
		return p[1:].match(words, at)
	}
	return -1
}

// phrases is many phrases, by the words that they begin with.
type phrases map[string][]*phrase

func (ps phrases) add(f *phrase) {
	for _, e := range f.is {
		if e.begin {
			continue
		}
		if e.optional || e.gap > 0 || len(e.words) == 0 {
			panic("internal error: a phrase has to begin with a word")
		}
		for _, w := range e.words {
			ps[w] = append(ps[w], f)
		}
		return
	}
}

// find is a phrase that a sentence has, and means; nil if there is none.
func (ps phrases) find(words []string) *phrase {
	for at, w := range words {
		for _, f := range ps[w] {
			if f.at(words, at) {
				return f
			}
		}
	}
	return nil
}

// at tells whether the phrase begins at a word of a sentence, and is meant.
func (f *phrase) at(words []string, at int) bool {
	end := f.is.match(words, at)
	return end >= 0 && !negated(words, at) &&
		!slices.ContainsFunc(f.after, func(p pattern) bool { return endsAt(p, words, at) }) &&
		!slices.ContainsFunc(f.before, func(p pattern) bool { return p.match(words, end) >= 0 })
}

// endsAt tells whether a pattern ends right before a word.
func endsAt(p pattern, words []string, at int) bool {
	for from := max(0, at-len(p)); from < at; from++ {
		if p.match(words, from) == at {
			return true
		}
	}
	return false
}

// negated tells whether a no before a phrase takes it back, as in "I don't want you
// to stop calling". A "why don't you" takes nothing back.
func negated(words []string, at int) bool {
	for i := at - 1; i >= 0 && i >= at-6; i-- {
		switch words[i] {
		case "not", "never":
			return words[i] == "never" || i+1 >= len(words) || words[i+1] != "you"
		case "to", "you", "them", "want", "need", "wish", "like", "have", "going", "ever", "please", "think", "should", "ask", "asked", "tell", "told",
			"say", "said", "mean", "meant", "just", "really", "try", "let", "dare":
		default:
			return false
		}
	}
	return false
}
