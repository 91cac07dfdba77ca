package redact

import (
	"bytes"
	"encoding/json"
	"strings"
)

// walk copies a JSON text that is known to be valid, and masks on the way.
type walk struct {
	in     []byte
	at     int
	out    []byte
	secret []string
	schemas
	left int // steps that schemas may still take
}

// value copies the whole text, to which the given schemas apply.
func (w *walk) value(by []schema) json.RawMessage {
	w.space()
	w.element(by)
	w.space()
	return w.out
}

func (w *walk) element(by []schema) {
	if w.marked(by) {
		w.hide()
		return
	}
	switch c := w.in[w.at]; {
	case c == '{':
		w.object(by)
	case c == '[':
		w.array(by)
	case c == '"':
		w.text()
	case c == '-' || digit(c):
		w.number()
	default: // true, false, null
		w.copy(w.end())
	}
}

func (w *walk) object(by []schema) {
	w.step()
	for w.in[w.at] != '}' {
		name := w.text()
		w.space()
		w.step() // the colon
		w.space()
		switch c := w.in[w.at]; {
		case w.named(name), secretName(name) && c != 't' && c != 'f' && c != 'n':
			w.hide()
		default:
			w.element(w.property(by, name))
		}
		w.next()
	}
	w.copy(w.at + 1)
}

func (w *walk) array(by []schema) {
	w.step()
	for i := 0; w.in[w.at] != ']'; i++ {
		w.element(w.item(by, i))
		w.next()
	}
	w.copy(w.at + 1)
}

// named tells whether Secret names a field.
func (w *walk) named(field string) bool {
	for _, s := range w.secret {
		if strings.EqualFold(s, field) {
			return true
		}
	}
	return false
}

// text copies a string, redacted, and returns it as it was.
func (w *walk) text() string {
	end := w.end()
	raw := w.in[w.at:end]
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		panic("internal error: redact: a valid string is none: " + err.Error())
	}
	if clean := redactText(s); clean != s {
		w.put(clean)
	} else {
		w.out = append(w.out, raw...)
	}
	w.at = end
	return s
}

// number copies a number. One that may be a card's is a text afterwards. A fraction is no card.
func (w *walk) number() {
	end := w.end()
	raw := string(w.in[w.at:end])
	whole := raw
	if i := strings.IndexAny(raw, ".eE"); i >= 0 {
		whole = raw[:i]
	}
	if clean := maskCards(whole); clean != whole {
		w.put(clean)
	} else {
		w.out = append(w.out, raw...)
	}
	w.at = end
}

// put writes a string.
func (w *walk) put(s string) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("internal error: redact: a text is not JSON: " + err.Error())
	}
	w.out = append(w.out, bytes.TrimSpace(b.Bytes())...)
}

// hide writes the mask in the place of a value.
func (w *walk) hide() {
	w.at = w.end()
	w.put(masked)
}

// end is behind the value that begins here.
func (w *walk) end() int {
	depth, i := 0, w.at
	for {
		switch w.in[i] {
		case '"':
			for i++; w.in[i] != '"'; i++ {
				if w.in[i] == '\\' {
					i++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			if depth == 0 {
				for i < len(w.in) && !bytes.ContainsRune([]byte(" \t\r\n,:]}"), rune(w.in[i])) {
					i++
				}
				return i
			}
		}
		if i++; depth == 0 {
			return i
		}
	}
}

// copy copies up to a position.
func (w *walk) copy(to int) {
	w.out = append(w.out, w.in[w.at:to]...)
	w.at = to
}

// step copies one character and the space behind it.
func (w *walk) step() {
	w.copy(w.at + 1)
	w.space()
}

// next goes on to the next element, if there is one.
func (w *walk) next() {
	w.space()
	if w.in[w.at] == ',' {
		w.step()
	}
}

func (w *walk) space() {
	end := w.at
	for end < len(w.in) && strings.IndexByte(" \t\r\n", w.in[end]) >= 0 {
		end++
	}
	w.copy(end)
}
