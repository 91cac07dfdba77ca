package evi

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

// readLimit of one message, in bytes. A second of EVI's audio is 128 kB; the
// limit is there for what goes wrong.
const readLimit = 16 << 20

// buffers hold messages while they are read, and decoded audio until the next
// Receive: a chat that waits holds none.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 16<<10)) }}

// maxPooled is the capacity, in bytes, up to which a buffer is kept.
const maxPooled = 256 << 10

// Receive waits for the next message and returns it. Anything that EVI may
// send is an event: what this package has no name for is [Unknown], what is
// not even a message is [Malformed], and what is over MaxMessage or MaxEcho is
// [TooLarge]. The first chat_metadata is not repeated
// here, see [Chat.Metadata].
//
// An error is the end: every later call returns it again. It is a [*CloseError]
// when EVI closed the chat or the connection was lost; it wraps [ErrClosed]
// after Close, and os.ErrDeadlineExceeded when not even a pong has come for two
// ping intervals.
//
// When ctx ends, reading ends for good, with the cause of ctx, even when a
// later call brings another ctx; sending still works. Calls with the same ctx,
// or with others of the same Done channel, cost nothing for it.
func (c *Chat) Receive(ctx context.Context) (Event, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	e, err := c.next(ctx)
	if err != nil {
		return nil, fmt.Errorf("evi: receive: %w", err)
	}
	return e, nil
}

// next reads one message, after which reading is over if there is an error.
func (c *Chat) next(ctx context.Context) (Event, error) {
	if c.readErr != nil {
		return nil, c.readErr
	}
	c.follow(ctx)
	e, err := c.read()
	if err != nil {
		c.readErr = c.explain(err)
		c.unfollow()
		return nil, c.readErr
	}
	if e, ok := e.(*Error); ok && !e.Code.Warning() {
		c.cause = e
	}
	return e, nil
}

func (c *Chat) read() (Event, error) {
	c.decoder.giveBack()
	if err := c.renew(); err != nil {
		return nil, err
	}
	if len(c.early) > 0 {
		e := c.early[0]
		c.early = c.early[1:]
		return e, nil
	}
	kind, r, err := c.ws.NextReader()
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
	*buf, over, err = c.readAll((*buf)[:0], r)
	switch {
	case err != nil:
		return nil, err
	case over != nil:
		return *over, nil
	case kind != websocket.TextMessage:
		return Malformed{Err: fmt.Errorf("a binary frame of %d bytes", len(*buf))}, nil
	}
	return c.decoder.decode(*buf), nil
}

// limitReads sets how long a message may be, in bytes.
func (c *Chat) limitReads(n int64) {
	c.limit = n
	c.ws.SetReadLimit(n)
}

// readAll appends one message to buf, unless it is longer than its budget allows. Each part
// of it is a sign of life.
func (c *Chat) readAll(buf []byte, r io.Reader) ([]byte, *TooLarge, error) {
	for most := c.budget.own; ; {
		if len(buf) > most {
			var kind string
			if most, kind = c.budget.room(buf); len(buf) > most {
				over, err := c.skip(buf, r, &TooLarge{Type: kind, Max: most})
				return buf, over, err
			}
		}
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, cap(buf))
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) {
			return buf, c.budget.holds(buf), nil
		}
		if err == nil {
			err = c.renew()
		}
		if err != nil {
			return buf, nil, err
		}
	}
}

// explain says why reading ended. A close frame explains more than whatever
// this side had on its mind; a deadline is only how this side's reason works.
func (c *Chat) explain(err error) error {
	c.mu.Lock()
	why := c.why
	c.mu.Unlock()
	var closed *websocket.CloseError
	var timeout net.Error
	switch {
	case why != nil && errors.Is(err, why):
		return why
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure:
		return &CloseError{Code: closed.Code, Text: closed.Text, Cause: c.cause}
	case errors.Is(err, websocket.ErrReadLimit):
		return fmt.Errorf("a message is longer than %d bytes: %w", c.limit, err)
	case errors.As(err, &timeout) && timeout.Timeout():
		if why != nil {
			return why
		}
		return fmt.Errorf("nothing heard for %v: %w", c.silence, os.ErrDeadlineExceeded)
	}
	text := err.Error()
	if closed != nil {
		text = closed.Text
	}
	return &CloseError{Code: websocket.CloseAbnormalClosure, Text: text, Cause: c.cause}
}
