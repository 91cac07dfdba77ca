package carriertest

import (
	"bytes"
	"io"
	"slices"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// Speak says µ-law at 8 kHz after what is being said.
func (l *Line) Speak(ulaw []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.speech = append(l.speech, ulaw...)
}

// Press presses keys.
func (l *Line) Press(digits string) {
	for _, d := range digits {
		l.Tell(carrier.Key{Digit: string(d)})
	}
}

// Tell has the line report an event, whatever it is: a message that can't be read, a second start.
func (l *Line) Tell(ev carrier.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == nil {
		l.put(ev)
	}
}

// HangUp ends the line in good order.
func (l *Line) HangUp() { l.end(io.EOF, carrier.Stop{}) }

// Break ends the line without a word, as a network does that is gone: Receive returns err.
func (l *Line) Break(err error) { l.end(err) }

// Heard is all that the caller has heard so far, from the line's beginning: µ-law at 8 kHz, silence where nothing was
// played.
func (l *Line) Heard() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.heard)
}

// Listened is for how long a sound was heard that is told from others by its byte.
func (l *Line) Listened(b byte) time.Duration {
	return time.Duration(bytes.Count(l.Heard(), []byte{b})) * frameTime / frameBytes
}

// Over is closed when either end has ended the line.
func (l *Line) Over() <-chan struct{} { return l.over }

// Closed is why the call's end closed the line; it means nothing before that.
func (l *Line) Closed() carrier.Closing {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.why
}
