package evi_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestCloseFromManySides(t *testing.T) {
	c := dial(t, serve(t, evitest.Script()))
	var wg sync.WaitGroup
	wg.Go(func() {
		for c.SendAudio(make([]byte, 320)) == nil {
		}
	})
	wg.Go(func() {
		if _, err := c.Receive(context.Background()); !errors.Is(err, evi.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})
	for range 4 {
		wg.Go(func() {
			if err := c.Close(1000); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// slowLine holds each write for 100 ms, and forgets what it holds when it is
// closed: a network's delay, and a reset.
type slowLine struct {
	net.Conn
	held   chan []byte
	closed chan struct{}
	close  func()
}

func newSlowLine(conn net.Conn) *slowLine {
	l := &slowLine{Conn: conn, held: make(chan []byte, 100), closed: make(chan struct{})}
	l.close = sync.OnceFunc(func() { close(l.closed) })
	go func() {
		for {
			select {
			case b := <-l.held:
				select {
				case <-time.After(100 * time.Millisecond):
					if _, err := conn.Write(b); err != nil {
						return
					}
				case <-l.closed:
					return
				}
			case <-l.closed:
				return
			}
		}
	}()
	return l
}

func (l *slowLine) Write(b []byte) (int, error) {
	l.held <- bytes.Clone(b)
	return len(b), nil
}

func (l *slowLine) Close() error {
	l.close()
	return l.Conn.Close()
}

// The close frame arrives before the connection is cut.
func TestCloseOverASlowLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		code := make(chan int, 1)
		s, o := pipe(t, play(func(c *evitest.Conn) error {
			<-c.Done()
			code <- c.CloseCode()
			return nil
		}))
		defer s.Close()
		o.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := s.DialContext(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			return newSlowLine(conn), nil
		}
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Close(1000); err != nil {
			t.Error(err)
		}
		if got := <-code; got != 1000 {
			t.Errorf("the server saw %d, want 1000", got)
		}
	})
}

func TestCloseWithACodeThatCannotBeSent(t *testing.T) {
	code := make(chan int, 1)
	s := serve(t, play(func(c *evitest.Conn) error {
		<-c.Done()
		code <- c.CloseCode()
		return nil
	}))
	c := dial(t, s)
	if err := c.Close(1006); err == nil || !strings.Contains(err.Error(), "evi: close: code 1006 can't be sent") {
		t.Errorf("got %v", err)
	}
	if got := <-code; got != 1006 {
		t.Errorf("the server saw %d, want a cut connection", got)
	}
}
