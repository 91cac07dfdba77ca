package realtimetest

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// Lead is where the text of an answer is while its audio is sent.
type Lead int

// The leads.
const (
	TextBeside Lead = iota // with the audio, in words
	TextAhead              // all before it
	TextBehind             // all after it
)

// Speech is what an answer says.
type Speech struct {
	Text  string
	Audio []byte        // in the session's output format. Defaults to a tone
	For   time.Duration // of the tone. Defaults to 60 ms for each character of Text
	Sizes []int         // of the deltas, in bytes, over and over. Defaults to odd ones
	Pace  float64       // 0 sends all at once, 1 in real time, 4 four times as fast
}

// oddSizes are those that no client may count on not to come.
var oddSizes = []int{1, 37, 160, 4000, 60_000}

// Say speaks. It returns ErrInterrupted when the answer is cancelled before all was sent;
// what was sent already stays, and some more comes late. In an answer that is text it is
// written.
func (r *Response) Say(s Speech) error {
	if r.conn.locked(func() bool { return r.modality() == "text" }) {
		return r.Text(s.Text)
	}
	f := r.conn.outputFormat()
	if s.Audio == nil {
		s.Audio = Tone(f, 440, cmp.Or(s.For, time.Duration(len(s.Text))*60*time.Millisecond))
	}
	p := r.begin("audio")
	r.conn.locked(func() bool { r.conn.spoken = true; return true })
	words := strings.SplitAfter(s.Text, " ")
	if r.conn.server.config.Lead == TextAhead {
		p.words(words)
		words = nil
	}
	total, rest, start := len(s.Audio), s.Audio, time.Now()
	for n := 0; len(rest) > 0; n++ {
		size := min(r.conn.size(s.Sizes, n), len(rest))
		if s.Pace > 0 {
			r.until(start.Add(time.Duration(float64(f.Duration(total-len(rest))) / s.Pace)))
		}
		if r.context.Err() != nil {
			p.late(rest, s.Sizes)
			p.end(true)
			return ErrInterrupted
		}
		if r.conn.server.config.Lead == TextBeside {
			due := len(words) - len(words)*(len(rest)-size)/max(len(rest), 1)
			p.words(words[:due])
			words = words[due:]
		}
		p.audio(rest[:size])
		rest = rest[size:]
	}
	p.words(words)
	p.end(false)
	return nil
}

// until waits for a time, or for the cancellation.
func (r *Response) until(t time.Time) {
	timer := time.NewTimer(time.Until(t))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.context.Done():
	}
}

// Wait waits, or returns ErrInterrupted.
func (r *Response) Wait(d time.Duration) error {
	r.until(time.Now().Add(d))
	return context.Cause(r.context)
}

// size is that of the nth delta.
func (c *Conn) size(sizes []int, n int) int {
	if len(sizes) > 0 {
		return max(sizes[n%len(sizes)], 1)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return oddSizes[c.random.IntN(len(oddSizes))]
}

// Text writes an answer.
func (r *Response) Text(text string) error {
	p := r.begin("text")
	p.words(strings.SplitAfter(text, " "))
	p.end(false)
	return nil
}

func (c *Conn) locked(f func() bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return f()
}

func (c *Conn) outputFormat() realtime.AudioFormat {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.format("output")
}
