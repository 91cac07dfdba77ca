package realtime_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// What ends a session, and whether another may work.
func TestEndings(t *testing.T) {
	for name, test := range map[string]struct {
		end  func(*realtimetest.Conn)
		code int
		want realtime.Class
		is   realtime.Code
	}{
		"old age": {func(c *realtimetest.Conn) { c.Expire() }, 1001, realtime.Expired,
			realtime.ErrSessionExpired},
		"going away":     {func(c *realtimetest.Conn) { c.Close(1001, "") }, 1001, realtime.Expired, ""},
		"a polite close": {func(c *realtimetest.Conn) { c.Close(1000, "") }, 1000, realtime.Retry, ""},
		"an internal error": {func(c *realtimetest.Conn) { c.Close(1011, "keepalive ping timeout") }, 1011,
			realtime.Retry, ""},
		"warming up": {func(c *realtimetest.Conn) { c.Close(1013, "") }, 1013, realtime.Retry, ""},
		"a cut":      {func(c *realtimetest.Conn) { c.Drop() }, 1006, realtime.Retry, ""},
		"a key that was shut": {func(c *realtimetest.Conn) { c.Close(4000, "invalid_request_error.account_deactivated") },
			4000, realtime.Fatal, realtime.ErrDeactivated},
		"a refusal": {func(c *realtimetest.Conn) { c.Close(4000, "said +14155550142") }, 4000, realtime.Fatal, ""},
		"quota": {func(c *realtimetest.Conn) {
			c.Fail("insufficient_quota", "insufficient_quota", "")
			c.Close(1000, "")
		}, 1000, realtime.Fatal, realtime.ErrQuota},
		"a race, then a cut": {func(c *realtimetest.Conn) {
			c.Fail("invalid_request_error", "response_cancel_not_active", "")
			c.Close(1011, "")
		}, 1011, realtime.Retry, ""},
		"a server error, then 4000": {func(c *realtimetest.Conn) {
			c.Fail("server_error", "", "")
			c.Close(4000, "")
		}, 4000, realtime.Retry, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := dial(t, serve(t,
				realtimetest.Config{Handle: realtimetest.Script(realtimetest.Expect("input_audio_buffer.clear"),
					realtimetest.Do("end", func(c *realtimetest.Conn) error {
						test.end(c)
						return nil
					}))}))
			send(t, session, realtime.AudioClear{})
			closed := ending(t, session)
			if closed.Code != test.code || closed.Class() != test.want || closed.Fatal() != (test.want == realtime.Fatal) {
				t.Errorf("got %v of class %v, want %d, %v", closed, closed.Class(), test.code, test.want)
			}
			if test.is != "" && !errors.Is(closed, test.is) {
				t.Errorf("%v has not the code %s", closed, test.is)
			}
			if strings.Contains(closed.Error(), "+1415") {
				t.Errorf("%v shows what was said", closed)
			}
		})
	}
}

// A connection cut in the middle of a message, a frame that breaks the rules, a reset.
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
			begin := make(chan struct{})
			session := open(t, func(conn net.Conn) {
				<-begin
				breakIt(conn)
			})
			close(begin)
			if closed := ending(t, session); closed.Code != 1006 || closed.Text == "" {
				t.Errorf("got %#v", closed)
			}
		})
	}
}

func TestReceiveCancelled(t *testing.T) {
	session := dial(t, serve(t, realtimetest.Config{}))
	over := errors.New("the call is over")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(10*time.Millisecond, func() { cancel(over) })
	var err error
	for err == nil {
		_, err = session.Receive(ctx)
	}
	if !errors.Is(err, over) {
		t.Fatalf("got %v, want %v", err, over)
	}
	send(t, session, realtime.AudioClear{})
	if _, err := session.Receive(t.Context()); !errors.Is(err, over) {
		t.Errorf("with another context: got %v, want %v", err, over)
	}
}

func TestReceiveBinaryFrame(t *testing.T) {
	session := open(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Frame(websocket.BinaryMessage, []byte{1, 2, 3}), wiretest.Text(`{"type":`),
			wiretest.Text(`{"type":"input_audio_buffer.cleared"}`))
		wiretest.Drain(conn)
	})
	if m := next[realtime.Malformed](t, session); !strings.Contains(m.Err.Error(), "3 bytes") {
		t.Errorf("got %v", m.Err)
	}
	next[realtime.Malformed](t, session)
	next[realtime.AudioCleared](t, session)
}

// Four megabytes are fine, and leave nothing behind for what comes next.
func TestReceiveBig(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789"), 300_000)
	session := open(t, func(conn net.Conn) {
		for _, data := range [][]byte{big, {1, 2, 3}} {
			wiretest.Put(t, conn, wiretest.Text(fmt.Sprintf(`{"type":"response.output_audio.delta","delta":%q}`,
				base64.StdEncoding.EncodeToString(data))))
		}
		wiretest.Drain(conn)
	})
	for _, want := range [][]byte{big, {1, 2, 3}} {
		if d := next[*realtime.AudioDelta](t, session); !bytes.Equal(d.Audio, want) {
			t.Errorf("got %d bytes, want %d others", len(d.Audio), len(want))
		}
	}
}

func TestReceiveTooBig(t *testing.T) {
	session := open(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.FrameHeader(websocket.TextMessage, 16<<20+1))
		wiretest.Drain(conn)
	})
	if err := lastError(t, session); !errors.Is(err, websocket.ErrReadLimit) || !strings.Contains(err.Error(),
		"longer than 16777216 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestReceiveAnswersPings(t *testing.T) {
	session := open(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Frame(websocket.PingMessage, []byte("hi")))
		var seen []byte
		for b := make([]byte, 1); len(seen) < 4096 && !bytes.HasSuffix(seen,
			[]byte{0x80 | websocket.PongMessage}); { // after the session.update
			if _, err := io.ReadFull(conn, b); err != nil {
				t.Errorf("no pong: %v", err)
				return
			}
			seen = append(seen, b...)
		}
		wiretest.Put(t, conn, wiretest.Text(`{"type":"input_audio_buffer.cleared"}`))
		wiretest.Drain(conn)
	})
	next[realtime.AudioCleared](t, session)
}

func TestCloseWithACodeThatCannotBeSent(t *testing.T) {
	s := serve(t, realtimetest.Config{})
	session := dial(t, s)
	if err := session.Close(1006); err == nil || !strings.Contains(err.Error(),
		"realtime: close: code 1006 can't be sent") {
		t.Errorf("got %v", err)
	}
	conn := s.Conns()[0]
	<-conn.Done()
	if got := conn.CloseCode(); got != 1006 {
		t.Errorf("the server saw %d, want a cut connection", got)
	}
}

func TestCloseFromManySides(t *testing.T) {
	session := dial(t, serve(t, realtimetest.Config{}))
	var wg sync.WaitGroup
	wg.Go(func() {
		for session.AppendAudio(make([]byte, 160)) == nil {
		}
	})
	wg.Go(func() {
		for {
			if _, err := session.Receive(context.Background()); err != nil {
				if !errors.Is(err, realtime.ErrClosed) {
					t.Errorf("got %v, want ErrClosed", err)
				}
				return
			}
		}
	})
	for range 4 {
		wg.Go(func() {
			if err := session.Close(1000); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
