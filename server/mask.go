package server

import (
	"bytes"
	"net/http"
	"regexp"

	"github.com/patchcord/patchcord/phone"
)

// masked is an answer to a key without the right to see numbers: each is shown as
// +1415…0142. A number must not be cut by the end of a Write; ours hold whole documents or
// whole events.
type masked struct{ http.ResponseWriter }

// Unwrap is for http.ResponseController.
func (m *masked) Unwrap() http.ResponseWriter { return m.ResponseWriter }

func (m *masked) Write(b []byte) (int, error) {
	if _, err := m.ResponseWriter.Write(maskNumbers(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// inText finds numbers in E.164 form in JSON, also where the plus is escaped, as what a
// voice sends may have it.
var inText = regexp.MustCompile(`(\+|\\u002[bB]|%2[bB])([1-9][0-9]{6,14})`)

// maskNumbers is a text with its numbers masked.
func maskNumbers(b []byte) []byte {
	return inText.ReplaceAllFunc(b, func(found []byte) []byte {
		i := bytes.IndexByte(found, '+') + 1
		if i == 0 { // the escapes end with their b
			i = bytes.IndexAny(found, "bB") + 1
		}
		n, err := phone.Parse("+" + string(found[i:]))
		if err != nil {
			return []byte("…")
		}
		return []byte(n.String())
	})
}
