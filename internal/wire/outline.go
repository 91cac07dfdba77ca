package wire

import (
	"bytes"
	"strings"
)

// outline is what is known of a message, or of the beginning of one, without decoding it: a long
// one must not cost memory before it is known what it is.
type outline struct {
	kind  string // its type; of several the last counts, as in encoding/json
	sound int    // bytes of its sound
	open  string // the key of the value in which raw ends
	whole bool   // raw is a whole message
}

// maxKind is the longest type that is looked at, in bytes.
const maxKind = 128

// outlineOf walks over the fields of an object. It stops at what no server sends, such as a
// key with escapes. soundKey is that of the sound in a message.
func outlineOf(raw []byte, soundKey string) (m outline) {
	s := scanner{rest: raw}
	if !s.take('{') {
		return m
	}
	for {
		key, ok := s.quoted()
		if !ok || bytes.IndexByte(key, '\\') >= 0 || !s.take(':') {
			return m
		}
		s.space()
		from := s.rest
		if !s.pass() {
			m.open = string(key)
			return m
		}
		switch value := from[:len(from)-len(s.rest)]; {
		case strings.EqualFold(string(key), "type") && len(value) > maxKind:
			return m
		case strings.EqualFold(string(key), "type"):
			m.kind = strings.Trim(string(bytes.TrimSpace(value)), `"`)
		case strings.EqualFold(string(key), soundKey) && bytes.HasPrefix(value, []byte{'"'}):
			m.sound = len(value)
		}
		if !s.take(',') {
			m.whole = s.take('}') && s.end()
			return m
		}
	}
}

// quoted reads a string, whatever is in it, as it is written.
func (s *scanner) quoted() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	for i := 0; ; i++ {
		n := bytes.IndexByte(s.rest[i:], '"')
		if n < 0 {
			return nil, false
		}
		i += n
		escapes := 0
		for escapes < i && s.rest[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			text := s.rest[:i]
			s.rest = s.rest[i+1:]
			return text, true
		}
	}
}

// pass skips a value of any kind. It is false for one that is cut off.
func (s *scanner) pass() bool {
	for depth := 0; ; {
		s.space()
		if len(s.rest) == 0 {
			return false
		}
		switch c := s.rest[0]; {
		case c == '"':
			if _, ok := s.quoted(); !ok {
				return false
			}
			if depth == 0 {
				return true
			}
			continue
		case depth == 0 && (c == ',' || c == '}' || c == ']'): // behind a number or a word
			return true
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				s.rest = s.rest[1:]
				return true
			}
		}
		s.rest = s.rest[1:]
	}
}
