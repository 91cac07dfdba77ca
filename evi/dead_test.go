package evi_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// A peer that reads no more stops a send after WriteTimeout, and the chat.
func TestSendToAPeerThatStopsReading(t *testing.T) {
	stop := make(chan struct{})
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata))
		<-stop
	})
	defer close(stop)
	o.WriteTimeout = 50 * time.Millisecond
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	pcm := make([]byte, 1<<20)
	for err == nil {
		err = c.SendAudio(pcm)
	}
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() || !strings.Contains(err.Error(), "connection is dead") {
		t.Errorf("got %v, want a timeout", err)
	}
	if again := c.SendUserInput("hello"); again == nil || !strings.Contains(again.Error(),
		"evi: send user_input: the connection is dead") {
		t.Errorf("the next send: got %v", again)
	}
	if err := lastError(t, c); !strings.Contains(err.Error(), "evi: receive: the connection is dead") {
		t.Errorf("Receive: got %v", err)
	}
}

// What EVI said before it hung up is still told to a client that learns of the
// end by a write.
func TestSendAfterTheEnd(t *testing.T) {
	s := serve(t, play(func(c *evitest.Conn) error {
		defer c.Drop()
		return c.Fail("E0715", "max_duration_timeout", "", 0)
	}))
	c := dial(t, s)
	for c.SendAudio(make([]byte, 320)) == nil {
	}
	next[*evi.Error](t, c)
	if closed := ending(t, c); !errors.Is(closed, evi.ErrMaxDuration) {
		t.Errorf("got %v, want E0715", closed)
	}
}

func TestSendAfterClose(t *testing.T) {
	c := dial(t, serve(t, evitest.Script()))
	for range 2 {
		if err := c.Close(1000); err != nil {
			t.Error(err)
		}
	}
	if err := c.SendAudio([]byte{0, 0}); !errors.Is(err, evi.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestSendAfterTheServerClosed(t *testing.T) {
	c := dial(t, serve(t, play(func(c *evitest.Conn) error {
		c.Close(1000)
		return nil
	})))
	ending(t, c)
	if err := c.SendAudio([]byte{0, 0}); !errors.Is(err, evi.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
	if err := c.Close(1000); err != nil {
		t.Error(err)
	}
}
