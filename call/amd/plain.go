package amd

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// unaccented takes the accents off the letters of English and Spanish.
var unaccented = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n",
	"'", "", "’", "", "‘", "")

// maxPlain bounds the bytes of an utterance that are looked at.
const maxPlain = 600

// Plain returns the words of an utterance without what is not spoken: in lower case, without accents, apostrophes and
// punctuation, one space between two words. It looks at the first 600 bytes.
func Plain(text string) string {
	if len(text) > maxPlain {
		text = text[:maxPlain]
	}
	text = unaccented.Replace(strings.ToLower(text))
	unspoken := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	return strings.Join(strings.FieldsFunc(text, unspoken), " ")
}

// Phrases are regular expressions over plain words. They are compiled when they are first used, at the latest by
// [Compile]: together they take more than a megabyte, and commands that carry no call never need them. The zero value
// matches nothing.
type Phrases func() []*regexp.Regexp

// Patterns makes phrases of regular expressions. It is for package variables: [Compile] knows all of them.
func Patterns(list ...string) Phrases {
	return lazily(func() (all []*regexp.Regexp) {
		for _, p := range list {
			all = append(all, regexp.MustCompile(p))
		}
		return all
	})
}

// In reports whether one of the phrases is in plain words.
func (p Phrases) In(plain string) bool {
	return p != nil && slices.ContainsFunc(p(), func(p *regexp.Regexp) bool { return p.MatchString(plain) })
}

// compiled is what [Compile] makes.
var compiled []func()

func lazily[T any](thing func() T) func() T {
	once := sync.OnceValue(thing)
	compiled = append(compiled, func() { once() })
	return once
}

// Compile makes all regular expressions of the package ready. Without it the first caller who speaks holds up the sound
// of every call while they are compiled.
func Compile() {
	for _, one := range compiled {
		one()
	}
}
