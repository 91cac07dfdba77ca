// Package legtest has the far end of a stream for tests in plain virtual time.
package legtest

import (
	"bytes"
	"errors"
	"time"

	"github.com/patchcord/patchcord/media"
)

const bytesPerMS = media.Rate / 1000

// Epoch is when every test in plain virtual time begins.
var Epoch = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// ErrLine is what a broken receiver returns.
var ErrLine = errors.New("the line is broken")

// Receiver is the far end of a stream: it plays as Twilio does, as far as it is told that time has passed. One goroutine
// may use it.
type Receiver struct {
	At      time.Time // played so far
	Items   []Item
	Played  []byte   // all that was heard, without the silence between
	Sent    []string // what was sent, by kind, in order
	Longest int      // bytes of the longest message
	Clears  int
	Dry     int  // times that it ran out between two listens
	Broken  bool // every write fails
}

// Item is sound, or a mark if it has a name.
type Item struct {
	ULaw []byte
	mark string
}

// SendMedia takes sound.
func (r *Receiver) SendMedia(ulaw []byte) error {
	if r.Broken {
		return ErrLine
	}
	r.Longest = max(r.Longest, len(ulaw))
	r.Items = append(r.Items, Item{ULaw: bytes.Clone(ulaw)})
	r.Sent = append(r.Sent, "media")
	return nil
}

// SendMark takes a mark, which Listen returns when it is reached.
func (r *Receiver) SendMark(name string) error {
	if r.Broken {
		return ErrLine
	}
	r.Items = append(r.Items, Item{mark: name})
	r.Sent = append(r.Sent, name)
	return nil
}

// Clear drops what has not been played.
func (r *Receiver) Clear() error {
	if r.Broken {
		return ErrLine
	}
	r.Items = nil // its marks would come back, and mean nothing
	r.Clears++
	r.Sent = append(r.Sent, "clear")
	return nil
}

// Listen plays until now and returns the marks that were reached.
func (r *Receiver) Listen(now time.Time) (marks []string) {
	left := int(now.Sub(r.At) / (time.Millisecond / bytesPerMS))
	r.At = now
	for len(r.Items) > 0 {
		first := &r.Items[0]
		if first.mark != "" {
			marks = append(marks, first.mark)
			r.Items = r.Items[1:]
			continue
		}
		n := min(left, len(first.ULaw))
		r.Played = append(r.Played, first.ULaw[:n]...)
		left -= n
		if first.ULaw = first.ULaw[n:]; len(first.ULaw) > 0 {
			return marks
		}
		r.Items = r.Items[1:]
	}
	if left > 0 {
		r.Dry++
	}
	return marks
}

// Ahead is how much sound waits to be played.
func (r *Receiver) Ahead() time.Duration {
	n := 0
	for _, it := range r.Items {
		n += len(it.ULaw)
	}
	return time.Duration(n) * time.Millisecond / bytesPerMS
}

// Tone is n ms of a sound that is told from others by its byte.
func Tone(ms int, b byte) []byte { return bytes.Repeat([]byte{b}, ms*bytesPerMS) }

// Ms is n ms.
func Ms(n int) time.Duration { return time.Duration(n) * time.Millisecond }
