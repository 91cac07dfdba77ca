package realtime

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync"

	"github.com/gorilla/websocket"
)

// readLimit of one message, in bytes. Deltas are small; an item that is retrieved holds
// all of a turn's audio.
const readLimit = 16 << 20

// buffers hold messages while they are read, and decoded audio until the next Receive: a
// session that waits holds none.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 8<<10)) }}

// maxPooled is the capacity, in bytes, up to which a buffer is kept.
const maxPooled = 256 << 10

// Receive waits for the next event and returns it. Anything that a server may send is an
// event: what this package has no name for is [Unknown], what is not even a message is
// [Malformed], and what is over MaxMessage or MaxEcho is [TooLarge]. What came before the session was ready comes first; the SessionCreated
// and the SessionUpdated that made it so don't, see [Session.Info].
//
// An error is the end: every later call returns it again. It is a [*CloseError] when the
// server closed the session or the connection was lost; it wraps [ErrClosed] after Close,
// and os.ErrDeadlineExceeded when not even a pong has come for a ping interval and
// PongTimeout.
//
// When ctx ends, reading ends for good, with the cause of ctx, even when a later call
// brings another ctx; sending still works. Calls with the same ctx, or with others of the
// same Done channel, cost nothing for it.
func (s *Session) Receive(ctx context.Context) (Event, error) {
	s.reading.Lock()
	defer s.reading.Unlock()
	e, err := s.next(ctx)
	if err != nil {
		return nil, fmt.Errorf("realtime: receive: %w", err)
	}
	return e, nil
}

// next reads one message, after which reading is over if there is an error.
func (s *Session) next(ctx context.Context) (Event, error) {
	if s.readErr != nil {
		return nil, s.readErr
	}
	s.follow(ctx)
	e, err := s.read()
	if err != nil {
		s.readErr = s.explain(err)
		s.unfollow()
		return nil, s.readErr
	}
	if e, ok := e.(*Error); ok && e.Class() != Benign && e.Class() != Misuse {
		s.cause = e
	}
	return e, nil
}

func (s *Session) read() (Event, error) {
	s.decoder.giveBack()
	if err := s.renew(); err != nil {
		return nil, err
	}
	if len(s.early) > 0 {
		e := s.early[0]
		s.early = s.early[1:]
		return e, nil
	}
	kind, r, err := s.ws.NextReader()
	if err != nil {
		return nil, err
	}
	buf := buffers.Get().(*[]byte)
	defer func() {
		if cap(*buf) <= maxPooled {
			buffers.Put(buf)
		}
	}()
	var over *TooLarge
	*buf, over, err = s.readAll((*buf)[:0], r)
	switch {
	case err != nil:
		return nil, err
	case over != nil:
		return *over, nil
	case kind != websocket.TextMessage:
		return Malformed{Err: fmt.Errorf("a binary frame of %d bytes", len(*buf))}, nil
	}
	return s.decoder.decode(*buf), nil
}

// readAll appends one message to buf, unless it is longer than its budget allows. Each part
// of it is a sign of life.
func (s *Session) readAll(buf []byte, r io.Reader) ([]byte, *TooLarge, error) {
	for most := s.budget.own; ; {
		if len(buf) > most {
			var kind string
			if most, kind = s.budget.room(buf); len(buf) > most {
				over, err := s.skip(buf, r, &TooLarge{Type: kind, Max: most})
				return buf, over, err
			}
		}
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, cap(buf))
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, s.budget.holds(buf), nil
		}
		if err == nil {
			err = s.renew()
		}
		if err != nil {
			return buf, nil, err
		}
	}
}

// explain says why reading ended. A close frame explains more than whatever this side had
// on its mind; a deadline is only how this side's reason works.
func (s *Session) explain(err error) error {
	s.mu.Lock()
	why := s.why
	s.mu.Unlock()
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case why != nil && errors.Is(err, why):
		return why
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		return newCloseError(closed.Code, closed.Text, s.cause)
	case errors.Is(err, websocket.ErrReadLimit):
		return fmt.Errorf("a message is longer than %d bytes: %w", readLimit, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		if why != nil {
			return why
		}
		return fmt.Errorf("nothing heard for %v: %w", s.silence, os.ErrDeadlineExceeded)
	}
	text := err.Error()
	if closed != nil {
		text = closed.Text
	}
	return newCloseError(websocket.CloseAbnormalClosure, text, s.cause)
}
