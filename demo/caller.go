package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// reaction is how long the caller takes to answer.
const reaction = 300 * time.Millisecond

// caller plays the person on the telephone. Like the agent's, its methods are called in
// order by a script, and do nothing once one went wrong.
type caller struct {
	call *twiliotest.Call
	name string
	tell func(format string, args ...any)

	ctx   context.Context
	err   error
	pcm   []int16 // what was heard so far
	from  int     // up to where it was understood
	lines []*line // spoken

	mu    sync.Mutex
	began time.Time // the zero of the telephone's own clock
}

// see takes a moment of the telephone. It knows only how long ago its line began; the
// moment that reaches us soonest ties that to our clock, to some hundredths of a millisecond.
func (c *caller) see(m twiliotest.Moment) {
	began := time.Now().Add(-m.At)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.began.IsZero() || began.Before(c.began) {
		c.began = began
	}
}

// origin is the zero of the telephone's clock.
func (c *caller) origin() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.began
}

// hear waits until the caller has heard a line to its end, and a moment longer.
func (c *caller) hear(l *line) { c.hearFor(l, l.length()+reaction) }

// hearFor waits until the caller has heard a line for a while.
func (c *caller) hearFor(l *line, d time.Duration) {
	if c.err != nil {
		return
	}
	ctx, cancel := context.WithTimeoutCause(c.ctx, patience, fmt.Errorf("it was not heard for %v", patience))
	defer cancel()
	offset, key := l.key()
	tick := time.NewTicker(frameTime)
	defer tick.Stop()
	for at := -1; at < 0 || len(c.pcm) < at+samples(d); {
		select {
		case <-tick.C:
		case <-c.call.Done():
			c.err = fmt.Errorf("%s waits for “%s”: %w", c.name, l.text, errOver)
			return
		case <-ctx.Done():
			c.err = fmt.Errorf("%s waits for “%s”: %w", c.name, l.text, context.Cause(ctx))
			return
		}
		c.pcm = media.AppendDecodeULaw(c.pcm, c.call.Heard()[len(c.pcm):])
		if at < 0 {
			if at = l.find(c.pcm, c.from); at < 0 {
				c.from = max(c.from, len(c.pcm)-len(key)-offset) // all before was looked at
			}
		}
	}
	c.from = len(c.pcm)
}

// speak says a line, and returns when it is said.
func (c *caller) speak(l *line) {
	if c.err != nil {
		return
	}
	c.lines = append(c.lines, l)
	c.call.Speak(l.ulaw)
	if err := c.call.WaitSpoken(c.ctx); err != nil {
		c.err = fmt.Errorf("%s says “%s”: %w", c.name, l.text, err)
	}
}

// hangUp ends the call, whatever happened on it.
func (c *caller) hangUp() {
	if c.err == nil {
		c.tell("%s hangs up", c.name)
	}
	c.call.HangUp()
}

// beHungUpOn waits for the bridge to end the call.
func (c *caller) beHungUpOn() {
	if c.err != nil {
		return
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-c.call.Done():
	case <-late.C:
		c.err = fmt.Errorf("%s waits for the end: it did not come for %v", c.name, patience)
		c.call.HangUp()
		return
	}
	if by := c.call.Ended(); by == "caller" || by == "lost" {
		c.err = fmt.Errorf("%s waits for the end: %w", c.name, errOver)
		return
	}
	c.tell("the bridge has hung up")
}
