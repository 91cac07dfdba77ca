package wire

import (
	"context"
	"time"
)

// Reading ends from this side by a deadline in the past, because that is what wakes up a Receive
// that waits. This file keeps the one reason for it.

// renew gives the server another silence's time, unless reading is to end anyway. It returns why,
// once it has.
func (s *socket) renew() error {
	now := time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.why == nil:
		_ = s.ws.SetReadDeadline(now.Add(s.silence)) // an error would be that of the next read
		return nil
	case now.Before(s.endBy):
		return nil
	}
	return s.why
}

// EndReading makes Receive return why, at that time at the latest. The first reason stays, the
// earliest time counts.
func (s *socket) EndReading(why error, by time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.why == nil {
		s.why = why
	}
	if s.endBy.IsZero() || by.Before(s.endBy) {
		s.endBy = by
		_ = s.ws.SetReadDeadline(by)
	}
}

// follow makes the end of ctx end reading. What is compared are Done channels: a loop that always
// brings the same ctx registers it once, and comparing contexts themselves may panic.
func (s *socket) follow(ctx context.Context) {
	if ctx.Err() != nil {
		s.EndReading(context.Cause(ctx), time.Now())
	}
	if ctx.Done() == s.followed {
		return
	}
	s.unfollow()
	s.followed = ctx.Done()
	s.release = context.AfterFunc(ctx, func() { s.EndReading(context.Cause(ctx), time.Now()) })
}

// unfollow forgets the context, and reports whether it had not ended by then.
func (s *socket) unfollow() bool {
	release := s.release
	s.followed, s.release = nil, nil
	return release == nil || release()
}
