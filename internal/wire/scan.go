package wire

import "bytes"

// scanner reads JSON tokens, after spaces, from the front of rest. What is
// valid JSON but unusual makes it return false.
type scanner struct{ rest []byte }

func (s *scanner) space() {
	for len(s.rest) > 0 && (s.rest[0] == ' ' || s.rest[0] == '\n' || s.rest[0] == '\t' || s.rest[0] == '\r') {
		s.rest = s.rest[1:]
	}
}

func (s *scanner) take(c byte) bool {
	s.space()
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

func (s *scanner) end() bool {
	s.space()
	return len(s.rest) == 0
}

// text reads a string of printable ASCII without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	for i, c := range s.rest {
		switch {
		case c == '"':
			text := s.rest[:i]
			s.rest = s.rest[i+1:]
			return text, true
		case c < ' ' || c > '~' || c == '\\':
			return nil, false
		}
	}
	return nil, false
}

func (s *scanner) textInto(dst *[]byte) (ok bool) {
	*dst, ok = s.text()
	return ok
}

// base64Into reads a long string fast. Decoding it will find whatever is wrong
// in it, except line breaks, which base64 allows and JSON does not.
func (s *scanner) base64Into(dst *[]byte) bool {
	if !s.take('"') {
		return false
	}
	end := bytes.IndexByte(s.rest, '"')
	if end < 0 {
		return false
	}
	*dst, s.rest = s.rest[:end], s.rest[end+1:]
	return bytes.IndexByte(*dst, '\n') < 0 && bytes.IndexByte(*dst, '\r') < 0
}

// numberInto reads an integer of up to nine digits.
func (s *scanner) numberInto(dst *int) bool {
	s.space()
	n, digits := 0, 0
	for digits < len(s.rest) && digits < 9 && '0' <= s.rest[digits] && s.rest[digits] <= '9' {
		n = 10*n + int(s.rest[digits]-'0')
		digits++
	}
	if digits == 0 || digits > 1 && s.rest[0] == '0' {
		return false
	}
	*dst, s.rest = n, s.rest[digits:]
	return true
}

// skip reads a value that does not matter: a string, an integer, true, false
// or null.
func (s *scanner) skip() bool {
	s.space()
	for _, word := range []string{"null", "true", "false"} {
		if bytes.HasPrefix(s.rest, []byte(word)) {
			s.rest = s.rest[len(word):]
			return true
		}
	}
	var n int
	if s.numberInto(&n) {
		return true
	}
	_, ok := s.text()
	return ok
}
