package evi_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// pipe dials a server in memory, within a bubble.
func pipe(t *testing.T, handle func(*evitest.Conn)) (*evitest.Server, *evi.DialOptions) {
	t.Helper()
	s := evitest.NewPipeServer(key, handle)
	o := options(s)
	o.NetDialContext = s.DialContext
	return s, o
}

// Ten minutes without a word, but with pongs, are no reason to end.
func TestQuietChatStaysUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := pipe(t, play(func(c *evitest.Conn) error {
			<-time.After(10 * time.Minute)
			return c.AssistantEnd()
		}))
		defer s.Close()
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		next[evi.AssistantEnd](t, c)
		if d := time.Since(start); d != 10*time.Minute {
			t.Errorf("it came after %v, want 10m", d)
		}
		if err := c.Close(1000); err != nil {
			t.Error(err)
		}
	})
}

// relay dials a server whose handshake and chat_metadata go through; then the
// connection is handled by something that is no server.
func relay(t *testing.T, handle func(net.Conn)) (*evitest.Server, *evi.DialOptions) {
	s, o := pipe(t, evitest.Script())
	o.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		server, err := s.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		client, here := net.Pipe()
		go func() {
			defer server.Close()
			if copyUntil(server, here, "\r\n\r\n") && copyUntil(here, server, "chat_metadata") {
				handle(here)
			}
		}()
		return client, nil
	}
	return s, o
}

// copyUntil copies up to and with the part in which the mark is.
func copyUntil(dst io.Writer, src io.Reader, mark string) bool {
	var seen []byte
	for !bytes.Contains(seen, []byte(mark)) {
		part := make([]byte, 4096)
		n, err := src.Read(part)
		if err != nil {
			return false
		}
		seen = append(seen, part[:n]...)
		if _, err := dst.Write(part[:n]); err != nil {
			return false
		}
	}
	return true
}

func TestSilentPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := relay(t, wiretest.Drain)
		defer s.Close()
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := lastError(t, c); !errors.Is(err, os.ErrDeadlineExceeded) ||
			!strings.Contains(err.Error(), "no data for 30s") {
			t.Errorf("got %v", err)
		}
		if d := time.Since(start); d != 30*time.Second {
			t.Errorf("it ended after %v, want 30s", d)
		}
		c.Close(1000)
	})
}

// A peer that pings is alive, even if it says nothing and answers no ping.
func TestPingingPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := relay(t, func(conn net.Conn) {
			go wiretest.Drain(conn)
			ticker := time.NewTicker(20 * time.Second)
			defer ticker.Stop()
			for range 30 {
				<-ticker.C
				wiretest.Put(t, conn, wiretest.Frame(websocket.PingMessage, nil))
			}
			wiretest.Put(t, conn, wiretest.Text(`{"type":"assistant_end"}`))
		})
		defer s.Close()
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		next[evi.AssistantEnd](t, c)
		c.Close(1000)
	})
}

// A ping that can't be written is a write that went wrong: the chat is dead,
// long before silence is noticed.
func TestStuckPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stop := make(chan struct{})
		s, o := relay(t, func(net.Conn) { <-stop })
		defer s.Close()
		defer close(stop)
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if err := lastError(t, c); !strings.Contains(err.Error(), "evi: receive: the connection is dead") {
			t.Errorf("got %v", err)
		}
		if d := time.Since(start); d != 18*time.Second { // 15 to the ping, 2 to write it, 1 for last words
			t.Errorf("it ended after %v, want 18s", d)
		}
		if err := c.SendUserInput("hello"); err == nil || !strings.Contains(err.Error(), "connection is dead") {
			t.Errorf("got %v", err)
		}
		c.Close(1000)
	})
}

func TestDefaultTimeouts(t *testing.T) {
	for _, test := range []struct {
		name  string
		limit time.Duration
		hang  int
	}{{"handshake", 5 * time.Second, 1}, {"chat_metadata", 8 * time.Second, 0}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, o := pipe(t, func(c *evitest.Conn) { <-c.Done() })
				defer s.Close()
				s.Hang(test.hang)
				start := time.Now()
				if _, err := evi.Dial(t.Context(), o); !errors.Is(err, context.DeadlineExceeded) ||
					!strings.Contains(err.Error(), test.name) {
					t.Errorf("got %v", err)
				}
				if d := time.Since(start); d != test.limit {
					t.Errorf("it took %v, want %v", d, test.limit)
				}
			})
		})
	}
}

// A chat that everybody leaves at once ends without anybody waiting for time
// to pass.
func TestCloseInMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		code := make(chan int, 1)
		s, o := pipe(t, play(func(c *evitest.Conn) error {
			<-c.Done()
			code <- c.CloseCode()
			return nil
		}))
		defer s.Close()
		c, err := evi.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		received := make(chan error, 1)
		go func() {
			_, err := c.Receive(t.Context())
			received <- err
		}()
		synctest.Wait()
		if err := c.Close(1000); err != nil {
			t.Error(err)
		}
		if err := <-received; !errors.Is(err, evi.ErrClosed) {
			t.Errorf("Receive: got %v, want ErrClosed", err)
		}
		if got := <-code; got != 1000 {
			t.Errorf("the server saw %d, want 1000", got)
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("it took %v", d)
		}
	})
}
