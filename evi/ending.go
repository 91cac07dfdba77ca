package evi

import (
	"context"
	"time"
)

// Reading ends from this side by a deadline in the past, because that is what
// wakes up a Receive that waits. This file keeps the one reason for it.

// renew gives the peer another silence's time, unless reading is to end
// anyway. It returns why, once it has.
func (c *Chat) renew() error {
	now := time.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.why == nil:
		_ = c.ws.SetReadDeadline(now.Add(c.silence)) // an error would be that of the next read
		return nil
	case now.Before(c.endBy):
		return nil
	}
	return c.why
}

// endReading makes Receive return why, at that time at the latest. The first
// reason stays, the earliest time counts.
func (c *Chat) endReading(why error, by time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.why == nil {
		c.why = why
	}
	if c.endBy.IsZero() || by.Before(c.endBy) {
		c.endBy = by
		_ = c.ws.SetReadDeadline(by)
	}
}

// follow makes the end of ctx end reading. What is compared are Done channels:
// a loop that always brings the same ctx registers it once, and comparing
// contexts themselves may panic.
func (c *Chat) follow(ctx context.Context) {
	if ctx.Err() != nil {
		c.endReading(context.Cause(ctx), time.Now())
	}
	if ctx.Done() == c.followed {
		return
	}
	c.unfollow()
	c.followed = ctx.Done()
	c.release = context.AfterFunc(ctx, func() { c.endReading(context.Cause(ctx), time.Now()) })
}

// unfollow forgets the context, and reports whether it had not ended by then.
func (c *Chat) unfollow() bool {
	release := c.release
	c.followed, c.release = nil, nil
	return release == nil || release()
}
