package optout

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// grammar is rules by their names, and the numbers of all words in them. Its text has one rule a
// line, NAME = words | other words; a line that begins with a space goes on with the rule above,
// # begins a comment. Among the words of a rule:
//
//	stop/quit    one of these words, or of these rules
//	calls?       may be left out
//	calls*       any number of times, none too
//	.            one word of any kind
//	~3           up to three words of any kind, in one clause
//	&X !X        here X follows, or doesn't; no word is used up
//	<X           no X ends here
//	^ $          the beginning and the end of a clause
//
// A rule whose name begins with @ is three: @DO = @call stands for DO = call, DOING = calling and
// DOED = called.
type grammar struct {
	ids    map[string]uint16
	rules  map[string]*rule
	once   map[string]*element // by their text, while the grammar is read: most are in many rules
	claims []uint64            // the bits of those of claims that a word begins, by its number
}

// rule is a name for what can be said in several ways.
type rule struct {
	number int
	ways   []way
	first  []first  // the ways that words begin, by the words' numbers
	begun  []uint64 // the bits of these words
	any    []int    // the ways that may begin with any word
}

// first is a word, and one of the ways that it begins.
type first struct{ word, way uint16 }

// way is a row of elements.
type way []*element

type kind uint8

const (
	isWord kind = iota
	isRule
	isAny
	isGap
	isAhead
	isNotAhead
	isNotBehind
	isBegin
)

type element struct {
	kind     kind
	words    []uint16
	rules    []*rule
	optional bool
	repeated bool
	gap      int
}

// parse reads the text of a grammar.
func parse(text string) *grammar {
	g := &grammar{ids: map[string]uint16{",": comma}, rules: map[string]*rule{}, once: map[string]*element{}}
	var names []string
	bodies := map[string]string{}
	last := ""
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		switch name, body, ok := strings.Cut(line, " = "); {
		case strings.TrimSpace(line) == "":
		case line[0] == ' ':
			more := strings.TrimSpace(line)
			if more[0] != '/' && !strings.HasSuffix(bodies[last], "/") { // which goes on with the words of the line above
				more = " " + more
			}
			bodies[last] += more
		case ok:
			last = strings.TrimPrefix(strings.TrimSpace(name), "@")
			bodies[last] = strings.TrimSpace(body)
			names = append(names, strings.TrimSpace(name))
		default:
			panic("internal error: optout: grammar: " + line)
		}
	}
	for _, name := range names {
		if conjugated, ok := strings.CutPrefix(name, "@"); ok {
			body := bodies[conjugated]
			delete(bodies, conjugated)
			for suffix, form := range forms {
				bodies[conjugated+suffix] = conjugate(body, suffix, form)
			}
		}
	}
	number := 0
	for name := range bodies {
		g.rules[name] = &rule{}
	}
	for name, body := range bodies {
		g.rules[name].ways = g.alternatives(name, body)
	}
	for _, r := range g.rules {
		r.number = number
		number++
		r.index(g)
	}
	g.once = nil
	return g
}

func (g *grammar) alternatives(name, body string) (ways []way) {
	for one := range strings.SplitSeq(body, "|") {
		var w way
		for text := range strings.FieldsSeq(one) {
			e := g.once[text]
			if e == nil {
				one := g.element(name, text)
				e = &one
				g.once[text] = e
			}
			w = append(w, e)
		}
		if len(w) == 0 {
			panic("internal error: optout: grammar: an empty way of " + name)
		}
		ways = append(ways, slices.Clip(w))
	}
	return slices.Clip(ways)
}

func (g *grammar) element(name, text string) (e element) {
	switch text[0] {
	case '^':
		return element{kind: isBegin}
	case '.':
		return element{kind: isAny}
	case '~':
		n, err := strconv.Atoi(text[1:])
		if err != nil {
			panic(fmt.Sprintf("internal error: optout: grammar: %s in %s", text, name))
		}
		return element{kind: isGap, gap: n}
	case '&':
		e.kind, text = isAhead, text[1:]
	case '!':
		e.kind, text = isNotAhead, text[1:]
	case '<':
		e.kind, text = isNotBehind, text[1:]
	}
	text, e.optional = strings.CutSuffix(text, "?")
	text, e.repeated = strings.CutSuffix(text, "*")
	for one := range strings.SplitSeq(text, "/") {
		switch {
		case one == "$":
			e.words = append(e.words, clauseEnd)
		case one[0] >= 'A' && one[0] <= 'Z':
			r := g.rules[one]
			if r == nil {
				panic(fmt.Sprintf("internal error: optout: grammar: no rule %s, in %s", one, name))
			}
			e.rules = append(e.rules, r)
		default:
			e.words = append(e.words, g.id(one))
		}
	}
	slices.Sort(e.words)
	if e.kind == isWord && len(e.rules) > 0 {
		e.kind = isRule
	}
	return e
}

// The numbers of what is no word of the grammar.
const (
	unknown uint16 = iota
	comma
	clauseEnd
	firstWord
)

func (g *grammar) id(word string) uint16 {
	id, ok := g.ids[word]
	if !ok {
		id = firstWord + uint16(len(g.ids))
		g.ids[word] = id
	}
	return id
}
