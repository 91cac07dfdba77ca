package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/gorilla/websocket"
)

// maxKept bounds the buffer, in bytes, that Receive keeps from one message to the next.
const maxKept = 64 << 10

// Receive returns the next message. One goroutine may call it. A message that it cannot
// read is an event too ([Malformed], [Unknown]); an error means that nothing more can
// be read, now or later: it wraps io.EOF if Twilio closed the socket in good order,
// net.ErrClosed after Close, and the cause of ctx if ctx is done. The end of ctx ends
// reading for good, even between two calls. Senders are not touched by any of this.
func (s *Stream) Receive(ctx context.Context) (Event, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	s.hook(ctx)
	ev, err := s.next()
	if err != nil {
		s.failed = s.explain(err)
		return nil, s.failed
	}
	if start, ok := ev.(Start); ok && s.sid.Load() == nil {
		quoted, err := json.Marshal(start.StreamSID)
		if err != nil {
			panic("twilio: internal error: " + err.Error())
		}
		s.sid.Store(&quoted)
	}
	return ev, nil
}

// next reads one message and parses it.
func (s *Stream) next() (Event, error) {
	if err := s.renew(); err != nil {
		return nil, err
	}
	if text := s.frames.text(); text != nil {
		return parse(text), nil
	}
	kind, r, err := s.conn.NextReader()
	if err != nil {
		return nil, err
	}
	if cap(s.in) > maxKept {
		s.in = nil
	}
	s.in = s.in[:0]
	for {
		s.in = slices.Grow(s.in, 512)
		n, err := r.Read(s.in[len(s.in):cap(s.in)])
		s.in = s.in[:len(s.in)+n]
		if err == io.EOF && kind != websocket.TextMessage {
			return Malformed{Reason: "a binary frame"}, nil
		}
		if err == io.EOF {
			return parse(s.in), nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// hook makes the end of ctx interrupt a read that is under way. It does so once for a
// context, not once for a message.
func (s *Stream) hook(ctx context.Context) {
	if ctx.Done() == s.ctx.Done() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unhook != nil && !s.unhook() {
		return // the context before has ended, or the stream is closed: no new one counts
	}
	s.ctx = ctx
	s.unhook = context.AfterFunc(ctx, s.interrupt)
}

func (s *Stream) interrupt() { s.conn.SetReadDeadline(time.Unix(1, 0)) }

// renew puts the deadline off, unless ctx is done: its hook may have run before us, and
// we must not undo it.
func (s *Stream) renew() error {
	s.conn.SetReadDeadline(time.Now().Add(maxSilence))
	err := s.ctx.Err()
	if err != nil {
		s.interrupt()
	}
	return err
}

// explain says in our words why reading has ended.
func (s *Stream) explain(err error) error {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	var timeout net.Error
	switch {
	case s.ctx.Err() != nil:
		return fmt.Errorf("twilio: receive: %w", context.Cause(s.ctx))
	case closed:
		return fmt.Errorf("twilio: receive: the stream is closed: %w", net.ErrClosed)
	case websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseGoingAway, websocket.CloseNoStatusReceived):
		return fmt.Errorf("twilio: receive: the socket was closed by Twilio: %w", io.EOF)
	case errors.As(err, &timeout) && timeout.Timeout():
		return fmt.Errorf("twilio: receive: nothing came from Twilio for %v: %w", maxSilence, err)
	}
	return fmt.Errorf("twilio: receive: %w", err)
}
