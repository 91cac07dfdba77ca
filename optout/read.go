package optout

import (
	_ "embed"
	"math/bits"
	"slices"
	"strings"
	"sync"
)

var (
	//go:embed english.txt
	english string
	//go:embed spanish.txt
	spanish string
)

// Compile compiles the grammar, unless that is done: who can't wait when somebody speaks calls it before.
func Compile() { ours() }

// ours is the grammar. It is compiled when it is first asked for: a command that talks to nobody
// never needs it.
var ours = sync.OnceValue(func() *grammar {
	g := parse(english + spanish + spanishRules())
	g.claims = make([]uint64, int(firstWord)+len(g.ids)+1)
	for i, c := range claims {
		for _, f := range g.rules[c.rule].first {
			g.claims[f.word] |= 1 << i
		}
	}
	return g
})

// read tells what sentences mean.
func read(all []sentence) (m Meaning) {
	inPart := None
	for _, s := range all {
		for part := range windows(s) {
			got, partly := part.read()
			m = weightier(m, got)
			inPart = weightier(Meaning{Kind: inPart}, partly).Kind
		}
	}
	if inPart != None && !slices.ContainsFunc(all, mayCall) {
		m = weightier(m, Meaning{Kind: inPart})
	}
	return m
}

// spare is windows to use again. One is 8 KiB: on the stack it made that of each call 32 KiB.
var spare = sync.Pool{New: func() any { return new(window) }}

// windows cuts a sentence into parts that overlap by half.
func windows(s sentence) func(yield func(*window) bool) {
	g := ours()
	return func(yield func(*window) bool) {
		for from := 0; ; from += widest / 2 {
			w := spare.Get().(*window)
			w.grammar, w.text, w.words, w.strict = g, s[from:min(from+widest, len(s))], w.words[:0], false
			clear(w.known[:])
			for _, word := range w.text {
				w.words = append(w.words, g.ids[word])
			}
			more := yield(w)
			w.text = nil
			spare.Put(w)
			if !more || from+widest >= len(s) {
				return
			}
		}
	}
}

// order is the kinds, the weightiest first.
var order = []Kind{Refusal, WrongNumber, Deceased, Minor, Represented, StopRecording, Unclear, Preference, None}

func weightier(a, b Meaning) Meaning {
	if a.Kind == Preference && b.Kind == Preference {
		a.When = a.When.with(b.When)
		return a
	}
	if slices.Index(order, b.Kind) < slices.Index(order, a.Kind) {
		return b
	}
	return a
}

// read tells what a part of a sentence means, and apart from it what it means of texts alone, or
// of one of the person's telephones.
func (w *window) read() (m, partly Meaning) {
	if w.instructs() {
		return m, partly
	}
	w.claims(func(got Meaning, from, to int) {
		if w.ofTexts(from, to) || w.ofOne(from, to) {
			partly = weightier(partly, got)
		} else {
			m = weightier(m, got)
		}
	})
	return m, partly
}

// claims gives everything that is said, and where.
func (w *window) claims(found func(m Meaning, from, to int)) {
	for i, id := range w.words {
		for begun := w.grammar.claims[id]; begun != 0; begun &= begun - 1 {
			if got, end := w.claim(&claims[bits.TrailingZeros64(begun)], i); got.Kind != None {
				found(got, i, end)
			}
		}
	}
}

// claim tells what the words at a place mean by one claim, and where they end.
func (w *window) claim(c *claim, at int) (m Meaning, end int) {
	ends := w.at(w.grammar.rules[c.rule], at)
	if ends == 0 {
		return m, 0
	}
	for _, v := range c.voids {
		if w.behind(w.grammar.rules[v], at) {
			return m, 0
		}
	}
	m.Kind, end = c.kind, bits.Len64(ends)-1
	if c.timed == always {
		return m, end
	}
	spanish := strings.HasPrefix(c.rule, "ES")
	if c.timed == wanted {
		return w.wanted(spanish, end, at), end
	}
	when, ok, ever := w.wish(at, end, c.timed, spanish)
	switch {
	case ever:
	case w.soon("UNLESS", end):
		m.Kind = Unclear
	case ok && !when.empty():
		return Meaning{Preference, when}, end
	case !ok && w.soon("ATWORK", end): // this number, or another one
		m.Kind = Unclear
	}
	if m.Kind == Preference { // of no time that is known
		return Meaning{}, end
	}
	return m, end
}

// soon tells whether what a rule says comes soon after a place, before the next clause.
func (w *window) soon(rule string, at int) bool {
	for i := at; i < len(w.words) && i < at+6 && !strings.Contains(breaks, " "+w.text[i]+" "); i++ {
		if w.at(w.grammar.rules[rule], i) != 0 {
			return true
		}
	}
	return false
}

// instructs tells whether these are the words that say how to stop, not those that do: ours.
func (w *window) instructs() bool {
	rule, not := w.grammar.rules["INSTRUCT"], w.grammar.rules["TELLER"]
	for i := range w.words {
		if w.at(rule, i) != 0 && !w.behind(not, i) {
			return true
		}
	}
	return false
}
