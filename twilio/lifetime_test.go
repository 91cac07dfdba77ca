package twilio

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
)

func TestReceiveAfterTheEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		end     func(*websocket.Conn)
		orderly bool
	}{
		"1000": {func(c *websocket.Conn) {
			c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""))
		}, true},
		"1001": {func(c *websocket.Conn) {
			c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1001, ""))
		}, true},
		"no code": {func(c *websocket.Conn) { c.WriteMessage(websocket.CloseMessage, nil) }, true},
		"1011": {func(c *websocket.Conn) {
			c.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1011, ""))
		}, false},
		"no frame": {func(c *websocket.Conn) { c.Close() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			s, peer := open(t, nil)
			tt.end(peer)
			_, first := s.Receive(t.Context())
			if first == nil || errors.Is(first, io.EOF) != tt.orderly {
				t.Errorf("%v", first)
			}
			for range 2000 { // gorilla panics at the thousandth read after an error
				if _, err := s.Receive(t.Context()); err != first {
					t.Fatalf("%v, then %v", first, err)
				}
			}
		})
	}
}

func TestContextEndsReceiving(t *testing.T) {
	s, peer := open(t, nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	say(t, peer, `{"event":"mark","mark":{"name":"a"}}`)
	if _, err := s.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	over := errors.New("the call is over")
	go cancel(over)
	if ev, err := s.Receive(ctx); !errors.Is(err, over) {
		t.Errorf("%v, %v", ev, err)
	}
	say(t, peer, `{"event":"mark","mark":{"name":"b"}}`)
	if ev, err := s.Receive(t.Context()); !errors.Is(err, over) {
		t.Errorf("with another context: %v, %v", ev, err)
	}
}

// Also when messages lie in the buffer already, and when no Receive was under way.
func TestContextEndsReceivingBetweenMessages(t *testing.T) {
	s, peer := open(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	for range 3 {
		say(t, peer, `{"event":"mark","mark":{"name":"a"}}`)
	}
	if _, err := s.Receive(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if ev, err := s.Receive(t.Context()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", ev, err)
	}
}

func TestClose(t *testing.T) {
	s, peer := open(t, nil)
	started(t, s, peer)
	for range 200 { // what Twilio sends meanwhile must not cost it the close frame
		say(t, peer, string(wireMedia(2, 1, 57, make([]byte, 160))))
	}
	if err := s.Close(1008, strings.Repeat("é", 100)); err != nil {
		t.Fatal(err)
	}
	var closed *websocket.CloseError
	if err := drain(peer); !errors.As(err, &closed) || closed.Code != 1008 || closed.Text != strings.Repeat("é", 61) {
		t.Errorf("the peer sees %v", err)
	}
	if err := s.Close(1000, ""); err != nil {
		t.Errorf("again: %v", err)
	}
	if _, err := s.Receive(t.Context()); !errors.Is(err, net.ErrClosed) {
		t.Errorf("receive: %v", err)
	}
	if err := s.SendMedia([]byte{1}); err == nil {
		t.Error("sound is sent on a closed stream")
	}
}

func TestCloseBesideAll(t *testing.T) {
	s, peer := open(t, nil)
	started(t, s, peer)
	var all sync.WaitGroup
	all.Go(func() { drain(peer) })
	all.Go(func() {
		for {
			if _, err := s.Receive(context.Background()); err != nil {
				return
			}
		}
	})
	sent := make(chan struct{})
	all.Go(func() {
		for i := 0; s.SendMedia([]byte{1, 2, 3}) == nil; i++ {
			if i == 10 {
				close(sent)
			}
		}
	})
	<-sent
	for range 4 {
		all.Go(func() { s.Close(1000, "") })
	}
	all.Wait()
}

// Pings go out as long as the stream lives, and a peer that answers is not given up.
func TestPings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, peer := openInBubble(t)
		var pings []time.Duration
		begin := time.Now()
		peer.SetPingHandler(func(string) error {
			pings = append(pings, time.Since(begin))
			return peer.WriteControl(websocket.PongMessage, nil, time.Now().Add(time.Second))
		})
		var reading sync.WaitGroup
		reading.Go(func() { drain(peer) })
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if ev, err := s.Receive(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v, %v", ev, err)
		}
		s.Close(1000, "")
		reading.Wait()
		time.Sleep(time.Minute)
		if len(pings) < 39 || pings[0] != pingEvery || pings[1] != 2*pingEvery {
			t.Errorf("pings at %v", pings)
		}
	})
}

func TestDeadPeer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, peer := openInBubble(t)
		begin := time.Now()
		time.Sleep(20 * time.Second)
		say(t, peer, `{"event":"mark","mark":{"name":"a"}}`)
		if _, err := s.Receive(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := s.Receive(t.Context())
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() || time.Since(begin) != 20*time.Second+maxSilence {
			t.Errorf("%v after %v", err, time.Since(begin))
		}
	})
}
