package twiliotest

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Moment is one thing that happened on a call's media streams.
type Moment struct {
	At    time.Duration // since the start of the first stream
	Event Event
	Name  string // of the mark, the key, the stream; the close code, such as "1008"

	Bytes   int // of media: µ-law bytes
	Flushed int // of a clear: µ-law bytes that were dropped unheard
}

// Event is the kind of a Moment.
type Event string

// What may happen. Silence and the caller's speech are not on the timeline, see
// [Call.Said].
const (
	Started Event = "start"  // the phone sent a start message; Name is the StreamSid
	Media   Event = "media"  // sound came
	Mark    Event = "mark"   // a mark came
	Clear   Event = "clear"  // a clear came
	Echo    Event = "echo"   // the phone sent a mark back
	DTMF    Event = "dtmf"   // the phone sent a key
	Stopped Event = "stop"   // the phone sent a stop message
	Closed  Event = "closed" // the socket is closed; Name is the code the other end gave
)

// ErrOver is what [Call.Await] returns if a call is over and what was awaited never was.
var ErrOver = errors.New("twiliotest: the call is over, and it has not happened")

// record adds a moment and wakes those who wait for one. The caller holds c.mu.
func (c *Call) record(m Moment) {
	m.At = time.Since(c.began)
	c.timeline = append(c.timeline, m)
	close(c.changed)
	c.changed = make(chan struct{})
}

// Timeline is all that has happened so far, in order.
func (c *Call) Timeline() []Moment {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.timeline)
}

// Await returns the first moment for which is holds, past or to come. It gives up with
// an error when ctx is done, or with ErrOver when the call is over.
func (c *Call) Await(ctx context.Context, is func(Moment) bool) (Moment, error) {
	for seen := 0; ; {
		news, changed := c.since(seen)
		for _, m := range news {
			if is(m) {
				return m, nil
			}
		}
		seen += len(news)
		select {
		case <-changed:
		case <-ctx.Done():
			return Moment{}, context.Cause(ctx)
		case <-c.done:
			if news, _ := c.since(seen); len(news) == 0 {
				return Moment{}, ErrOver
			}
		}
	}
}

// Watch calls f with every moment, past and to come, in order, from a goroutine of its
// own. f may use the call. The channel is closed when the call is over and f has seen
// all.
func (c *Call) Watch(f func(Moment)) <-chan struct{} {
	all := make(chan struct{})
	go func() {
		defer close(all)
		// Nothing is what f looks for, so that it sees all.
		_, _ = c.Await(context.Background(), func(m Moment) bool {
			f(m)
			return false
		})
	}()
	return all
}

// since returns the moments from the n-th on, and a channel that is closed by the next.
func (c *Call) since(n int) ([]Moment, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timeline[n:len(c.timeline):len(c.timeline)], c.changed
}
