package twiliotest

import (
	"bytes"
	"context"
	"time"
)

// speech is what the caller is about to say.
type speech struct {
	waiting []byte
	queued  int64 // bytes that Speak was given, ever
	spoken  int64 // bytes of them that are on their way
	waiters []waiter
}

// waiter waits until a number of bytes have been spoken.
type waiter struct {
	until int64
	done  chan struct{}
}

// next appends 20 ms of speech to dst, silence where there is none left.
func (s *speech) next(dst []byte) []byte {
	n := min(frameBytes, len(s.waiting))
	dst = append(dst, s.waiting[:n]...)
	s.waiting = s.waiting[n:]
	s.spoken += int64(n)
	for len(s.waiters) > 0 && s.waiters[0].until <= s.spoken {
		close(s.waiters[0].done)
		s.waiters = s.waiters[1:]
	}
	return appendSilence(dst, frameBytes-n)
}

// Speak queues what the caller says, µ-law at 8 kHz, behind what they are saying. It
// returns at once; the caller speaks at the speed of sound, while there is a stream.
func (c *Call) Speak(ulaw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speech.waiting = append(c.speech.waiting, ulaw...)
	c.speech.queued += int64(len(ulaw))
}

// SpeakDone returns a channel that is closed when the caller has said all that Speak was
// given so far. If the call ends before, it never is.
func (c *Call) SpeakDone() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	done := make(chan struct{})
	if c.speech.spoken >= c.speech.queued {
		close(done)
	} else {
		c.speech.waiters = append(c.speech.waiters, waiter{c.speech.queued, done})
	}
	return done
}

// WaitSpoken waits for SpeakDone. The error is that of ctx, or ErrOver if the call ended
// before.
func (c *Call) WaitSpoken(ctx context.Context) error {
	done := c.SpeakDone()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-c.done:
		select {
		case <-done:
			return nil
		default:
			return ErrOver
		}
	}
}

// Heard is all that reached the caller's ear since the start of the first stream, µ-law
// at 8 kHz, silence included.
func (c *Call) Heard() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.heard)
}

// Said is all that the phone sent for the caller in the same time: it is as long as
// Heard, byte for byte at the same moment. What DropFrames dropped is silence in it.
func (c *Call) Said() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.said)
}

// Queued is how much sound waits at Twilio to be played.
func (c *Call) Queued() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Duration(c.playout.queued()) * time.Second / 8000
}

// SetFrame sets how many bytes of sound a media message to the product carries. Twilio
// promises no size; 160 is usual, and the default.
func (c *Call) SetFrame(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.frame = max(bytes, 1)
}

// DropFrames loses what the caller sends for a while, as a bad network does: timestamps
// go on, messages are missing.
func (c *Call) DropFrames(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost += int(d / frameTime)
}

// HoldMarks keeps back the marks that the playout reaches or flushes, until it is called
// with false: then they all go, in order.
func (c *Call) HoldMarks(hold bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hold = hold
	if !hold && c.stream != nil && !c.stream.over() {
		marks := c.held
		c.held = nil
		c.stream.echo(marks)
	}
}
