package call

import (
	"bytes"
	"errors"
	"time"
)

// epoch is when every test in plain virtual time begins.
var epoch = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

var errLine = errors.New("the line is broken")

// ear is a line that plays as Twilio does, as far as it is told that time has
// passed.
type ear struct {
	at     time.Time // played so far
	items  []heardItem
	played []byte   // all that was heard, without the silence between
	sent   []string // what was sent, by kind, in order
	longest,
	clears int
	dry    int  // times that it ran out between two listens
	broken bool // every write fails
}

// heardItem is sound, or a mark if it has a name.
type heardItem struct {
	ulaw []byte
	mark string
}

func (e *ear) SendMedia(ulaw []byte) error {
	if e.broken {
		return errLine
	}
	e.longest = max(e.longest, len(ulaw))
	e.items = append(e.items, heardItem{ulaw: bytes.Clone(ulaw)})
	e.sent = append(e.sent, "media")
	return nil
}

func (e *ear) SendMark(name string) error {
	if e.broken {
		return errLine
	}
	e.items = append(e.items, heardItem{mark: name})
	e.sent = append(e.sent, name)
	return nil
}

func (e *ear) Clear() error {
	if e.broken {
		return errLine
	}
	e.items = nil // its marks would come back, and mean nothing
	e.clears++
	e.sent = append(e.sent, "clear")
	return nil
}

// listen plays until now and returns the marks that were reached.
func (e *ear) listen(now time.Time) (marks []string) {
	left := int(now.Sub(e.at) / (time.Millisecond / bytesPerMS))
	e.at = now
	for len(e.items) > 0 {
		first := &e.items[0]
		if first.mark != "" {
			marks = append(marks, first.mark)
			e.items = e.items[1:]
			continue
		}
		n := min(left, len(first.ulaw))
		e.played = append(e.played, first.ulaw[:n]...)
		left -= n
		if first.ulaw = first.ulaw[n:]; len(first.ulaw) > 0 {
			return marks
		}
		e.items = e.items[1:]
	}
	if left > 0 {
		e.dry++
	}
	return marks
}

// ahead is how much sound waits to be played.
func (e *ear) ahead() time.Duration {
	n := 0
	for _, it := range e.items {
		n += len(it.ulaw)
	}
	return span(n)
}

// tone is n ms of a sound that is told from others by its byte.
func tone(ms int, b byte) []byte { return bytes.Repeat([]byte{b}, ms*bytesPerMS) }

func ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }
