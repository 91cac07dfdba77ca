package evi_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// 1000 is no proof of success: what came before it tells.
func TestReceiveErrorThenClose(t *testing.T) {
	s := serve(t, play(func(c *evitest.Conn) error {
		return errors.Join(
			c.Fail("W0105", "no_speech", "", 0),
			c.Fail("E0714", "inactivity_timeout", "the caller said +14155550142", 0),
			c.Fail("W0105", "no_speech", "", 1000),
		)
	}))
	c := dial(t, s)
	next[*evi.Error](t, c)
	if e := next[*evi.Error](t, c); e.Code != evi.ErrInactivityTimeout || !e.Retryable() {
		t.Errorf("got %#v", e)
	}
	closed := ending(t, c)
	if closed.Code != 1000 || closed.Cause == nil || !errors.Is(closed, evi.ErrInactivityTimeout) ||
		errors.Is(closed, evi.ErrMaxDuration) {
		t.Errorf("got %#v", closed)
	}
	if text := closed.Error(); !strings.Contains(text, "E0714 inactivity_timeout") || strings.Contains(text, "+1415") {
		t.Errorf("got %q", text)
	}
	if err := lastError(t, c); !errors.Is(err, evi.ErrInactivityTimeout) {
		t.Errorf("asked again: got %v", err)
	}
}

func TestReceiveClose(t *testing.T) {
	s := serve(t, play(func(c *evitest.Conn) error {
		c.Close(1011)
		return nil
	}))
	closed := ending(t, dial(t, s))
	if closed.Code != 1011 || closed.Cause != nil || closed.Unwrap() != nil {
		t.Errorf("got %#v", closed)
	}
}

func TestReceiveDrop(t *testing.T) {
	s := serve(t, play(func(c *evitest.Conn) error {
		c.Drop()
		return nil
	}))
	if closed := ending(t, dial(t, s)); closed.Code != 1006 || !strings.Contains(closed.Error(), "connection lost") {
		t.Errorf("got %#v", closed)
	}
}

// A connection cut in the middle of a message, a frame that breaks the rules,
// a reset.
func TestReceiveBroken(t *testing.T) {
	for name, breakIt := range map[string]func(net.Conn){
		"half a message": func(conn net.Conn) {
			wiretest.Put(t, conn, append(wiretest.FrameHeader(websocket.TextMessage, 100), "half"...))
		},
		"bad opcode":     func(conn net.Conn) { wiretest.Put(t, conn, wiretest.Frame(5, nil)) },
		"bad close code": func(conn net.Conn) { wiretest.Put(t, conn, wiretest.Frame(websocket.CloseMessage, []byte{0, 7})) },
		"reset":          func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) },
	} {
		t.Run(name, func(t *testing.T) {
			o := peer(t, func(conn net.Conn) {
				wiretest.Put(t, conn, wiretest.Text(metadata))
				if _, err := conn.Read(make([]byte, 100)); err != nil { // the client is ready
					t.Error(err)
				}
				breakIt(conn)
			})
			c, err := evi.Dial(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close(1000)
			if err := c.SendUserInput("go on"); err != nil {
				t.Fatal(err)
			}
			if closed := ending(t, c); closed.Code != 1006 || closed.Text == "" {
				t.Errorf("got %#v", closed)
			}
		})
	}
}

func TestReceiveCancelled(t *testing.T) {
	s := serve(t, evitest.Script(evitest.Expect("user_input")))
	c := dial(t, s)
	over := errors.New("the call is over")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(over) })
	if _, err := c.Receive(ctx); !errors.Is(err, over) {
		t.Fatalf("got %v, want %v", err, over)
	}
	if err := c.SendUserInput("still here"); err != nil {
		t.Errorf("sending ended too: %v", err)
	}
	if _, err := c.Receive(t.Context()); !errors.Is(err, over) {
		t.Errorf("with another context: got %v, want %v", err, over)
	}
}

// A context that ends between two calls ends reading too, whatever is waiting.
func TestReceiveCancelledBetween(t *testing.T) {
	s := serve(t, play(func(c *evitest.Conn) error {
		for c.AssistantEnd() == nil { // until the client has gone
		}
		return nil
	}))
	c := dial(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := c.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if e, err := c.Receive(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", e, err)
	}
}

func TestReceiveAndClose(t *testing.T) {
	code := make(chan int, 1)
	s := serve(t, play(func(c *evitest.Conn) error {
		<-c.Done()
		code <- c.CloseCode()
		return nil
	}))
	c := dial(t, s)
	time.AfterFunc(10*time.Millisecond, func() { c.Close(1001) })
	if _, err := c.Receive(t.Context()); !errors.Is(err, evi.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if got := <-code; got != 1001 {
		t.Errorf("the server saw %d, want 1001", got)
	}
	if _, err := c.Receive(t.Context()); !errors.Is(err, evi.ErrClosed) {
		t.Errorf("after Close: got %v, want ErrClosed", err)
	}
}

// A peer that answers no ping and says nothing is dead.
func TestReceiveSilence(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata))
		wiretest.Drain(conn)
	})
	o.PingInterval = 20 * time.Millisecond
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	if err := lastError(t, c); !errors.Is(err, os.ErrDeadlineExceeded) ||
		!strings.Contains(err.Error(), "no data for 40ms") {
		t.Errorf("got %v", err)
	}
}
