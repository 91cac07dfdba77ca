package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"

	"github.com/gorilla/websocket"
)

// ReadLimit of one message, in bytes. A second of sound at 48 kHz is 128 kB in base64, and an item
// that is retrieved has all of a turn's; the limit is there for what goes wrong.
const ReadLimit = 16 << 20

// Receive waits for the next message and returns its event. An error is the end: every later call
// returns it again.
//
// When ctx ends, reading ends for good, with the cause of ctx, even when a later call brings
// another ctx; sending still works. Calls with the same ctx, or with others of the same Done
// channel, cost nothing for it.
func (c *Conn[E]) Receive(ctx context.Context) (E, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	var e E
	if c.err != nil {
		return e, c.err
	}
	c.follow(ctx)
	e, err := c.next()
	if err != nil {
		c.err = c.explain(err)
		c.unfollow()
	}
	return e, c.err
}

func (c *Conn[E]) next() (e E, err error) {
	c.codec.Forget()
	if err := c.renew(); err != nil {
		return e, err
	}
	if len(c.early) > 0 {
		e, c.early = c.early[0], c.early[1:]
		return e, nil
	}
	kind, r, err := c.ws.NextReader()
	if err != nil {
		return e, err
	}
	buf := buffers.Get().(*[]byte)
	defer giveBack(buf)
	var over *tooLarge
	*buf, over, err = c.readAll((*buf)[:0], r)
	switch {
	case err != nil:
		return e, err
	case over != nil:
		return c.codec.TooLarge(over.kind, over.bytes, over.most), nil
	case kind != websocket.TextMessage:
		return c.codec.Malformed(fmt.Errorf("a binary frame of %d bytes", len(*buf))), nil
	}
	return c.codec.Decode(*buf), nil
}

// readAll appends one message to buf, unless it is longer than its budget allows. Each part of it
// is a sign of life.
func (s *socket) readAll(buf []byte, r io.Reader) ([]byte, *tooLarge, error) {
	for most := s.budget.Own; ; {
		if len(buf) > most {
			var kind string
			if most, kind = s.budget.room(buf); len(buf) > most {
				over, err := s.skip(buf, r, &tooLarge{kind: kind, most: most})
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

// skip reads the rest of a message that is over its budget, and keeps nothing of it.
func (s *socket) skip(buf []byte, r io.Reader, over *tooLarge) (*tooLarge, error) {
	for over.bytes = len(buf); ; {
		n, err := r.Read(buf[:cap(buf)])
		over.bytes += n
		if errors.Is(err, io.EOF) {
			return over, nil
		}
		if err == nil {
			err = s.renew()
		}
		if err != nil {
			return nil, err
		}
	}
}

// explain says why reading ended. A close frame explains more than whatever this side had on its
// mind; a deadline is only how this side's reason works.
func (c *Conn[E]) explain(err error) error {
	c.mu.Lock()
	why := c.why
	c.mu.Unlock()
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case why != nil && errors.Is(err, why):
		return why
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		return c.codec.Ended(closed.Code, closed.Text)
	case errors.Is(err, websocket.ErrReadLimit):
		return fmt.Errorf("a message is longer than %d bytes: %w", c.limit, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		if why != nil {
			return why
		}
		return fmt.Errorf("no data for %v: %w", c.silence, os.ErrDeadlineExceeded)
	}
	text := err.Error()
	if closed != nil {
		text = closed.Text
	}
	return c.codec.Ended(websocket.CloseAbnormalClosure, text)
}
