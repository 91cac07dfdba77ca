package realtime_test

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

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// pipe starts a server in memory, within a bubble.
func pipe(t *testing.T, c realtimetest.Config) *realtimetest.Server {
	t.Helper()
	c.Key = key
	return realtimetest.NewPipeServer(c)
}

// Ten minutes without a word, but with pongs, are no reason to end.
func TestQuietSessionStaysUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipe(t, realtimetest.Config{Handle: func(c *realtimetest.Conn) {
			<-time.After(10 * time.Minute)
			c.Idle()
			<-c.Done()
		}})
		defer s.Close()
		session := dial(t, s)
		start := time.Now()
		await[realtime.TimeoutTriggered](t, session)
		if d := time.Since(start); d != 10*time.Minute {
			t.Errorf("it came after %v, want 10m", d)
		}
		if err := session.Close(1000); err != nil {
			t.Error(err)
		}
	})
}

// A server that stalls without a close is noticed by its pongs.
func TestStalledServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipe(t, realtimetest.Config{Handle: func(c *realtimetest.Conn) {
			<-time.After(time.Minute)
			c.Stall()
			<-c.Done()
		}})
		defer s.Close()
		session := dial(t, s)
		start := time.Now()
		if err := lastError(t, session); !errors.Is(err, os.ErrDeadlineExceeded) || !strings.Contains(err.Error(),
			"no data for 40s") {
			t.Errorf("got %v", err)
		}
		if d := time.Since(start); d < time.Minute+20*time.Second || d > time.Minute+40*time.Second {
			t.Errorf("it ended after %v, want 80 to 100 s", d)
		}
		session.Close(1000)
	})
}

// relay dials a server whose handshake goes through; once the session is ready the
// connection is handled by something that is no server.
func relay(t *testing.T, handle func(net.Conn)) (*realtimetest.Server, *realtime.DialOptions) {
	s := pipe(t, realtimetest.Config{})
	o := s.Options()
	o.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		server, err := s.DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		client, here := net.Pipe()
		go func() {
			defer server.Close()
			if copyUntil(server, here, "\r\n\r\n") && copyUntil(here, server, "session.created") &&
				copyUntil(server, here, "") && copyUntil(here, server, "session.updated") {
				go wiretest.Drain(here)
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
	for len(seen) == 0 || !bytes.Contains(seen, []byte(mark)) {
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

// A peer that pings is alive, even if it says nothing and answers no ping.
func TestPingingPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o := relay(t, func(conn net.Conn) {
			ticker := time.NewTicker(20 * time.Second)
			defer ticker.Stop()
			for range 30 {
				<-ticker.C
				wiretest.Put(t, conn, wiretest.Frame(websocket.PingMessage, nil))
			}
			wiretest.Put(t, conn, wiretest.Text(`{"type":"input_audio_buffer.cleared"}`))
		})
		defer s.Close()
		session, err := realtime.Dial(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		await[realtime.AudioCleared](t, session)
		session.Close(1000)
	})
}

func TestDefaultTimeouts(t *testing.T) {
	for _, test := range []struct {
		name, want string
		limit      time.Duration
		plan       func(*realtimetest.Server)
	}{
		{"handshake", "no answer to the handshake within 5s", 5 * time.Second, func(s *realtimetest.Server) { s.Hang(1) }},
		{"created", "session.created: the session is not ready within 8s", 8 * time.Second,
			func(s *realtimetest.Server) { s.Silence(1) }},
		{"updated", "session.updated: the session is not ready within 8s", 8 * time.Second,
			func(s *realtimetest.Server) { s.Deafen(1) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := pipe(t, realtimetest.Config{})
				defer s.Close()
				test.plan(s)
				start := time.Now()
				if _, err := realtime.Dial(t.Context(), s.Options()); !errors.Is(err,
					context.DeadlineExceeded) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v", err)
				}
				if d := time.Since(start); d != test.limit {
					t.Errorf("it took %v, want %v", d, test.limit)
				}
			})
		})
	}
}

// Nothing warns of the end of a session's life: its time is known from the start.
func TestSessionExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipe(t, realtimetest.Config{Lifetime: time.Hour})
		defer s.Close()
		session := dial(t, s)
		if d := time.Until(session.ExpiresAt()); d != time.Hour {
			t.Errorf("it lasts %v, want 1h", d)
		}
		if e := await[*realtime.Error](t, session); e.Class() != realtime.Expired {
			t.Errorf("got %v", e)
		}
		if closed := ending(t, session); closed.Code != 1001 || closed.Class() != realtime.Expired || !errors.Is(closed,
			realtime.ErrSessionExpired) {
			t.Errorf("got %#v", closed)
		}
		session.Close(1000)
	})
}

// A session that everybody leaves at once ends without anybody waiting for time to pass.
func TestCloseInMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pipe(t, realtimetest.Config{})
		defer s.Close()
		session := dial(t, s)
		start := time.Now()
		received := make(chan error, 1)
		go func() {
			for {
				if _, err := session.Receive(t.Context()); err != nil {
					received <- err
					return
				}
			}
		}()
		synctest.Wait()
		if err := session.Close(1000); err != nil {
			t.Error(err)
		}
		if err := <-received; !errors.Is(err, realtime.ErrClosed) {
			t.Errorf("Receive: got %v, want ErrClosed", err)
		}
		synctest.Wait()
		if got := s.Conns()[0].CloseCode(); got != 1000 {
			t.Errorf("the server saw %d, want 1000", got)
		}
		if d := time.Since(start); d > 0 {
			t.Errorf("it took %v", d)
		}
	})
}
