package evi_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// 101 is not readiness.
func TestDialWithoutMetadata(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) { <-c.Done() })
	o := options(s)
	o.MetadataTimeout = 50 * time.Millisecond
	_, err := evi.Dial(t.Context(), o)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "no chat_metadata within 50ms") {
		t.Errorf("got %v, want a timeout", err)
	}
}

func TestDialErrorInBand(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) { c.Fail("E0708", "chat_group_not_found", "no group of this id", 1000) })
	_, err := evi.Dial(t.Context(), options(s))
	var e *evi.Error
	if !errors.As(err, &e) || e.Slug != "chat_group_not_found" || !errors.Is(err, evi.ErrChatGroupNotFound) ||
		!e.StartFresh() {
		t.Errorf("got %#v", err)
	}
}

func TestDialClosedInBand(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) { c.Close(1008) })
	_, err := evi.Dial(t.Context(), options(s))
	var closed *evi.CloseError
	if !errors.As(err, &closed) || closed.Code != websocket.ClosePolicyViolation {
		t.Errorf("got %v, want 1008", err)
	}
}

func TestDialKeepsWhatComesFirst(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) {
		if err := errors.Join(
			c.SendText(`{"type":"session_settings","voice_id":"v"}`),
			c.SendText(`{"type":"audio_output","id":"a","index":0,"data":"AAEC"}`),
			c.SendText(`{"type":"audio_output","id":"a","index":1,"data":"AwQF"}`),
			c.Greet(""),
			c.AssistantEnd(),
		); err != nil {
			t.Error(err)
		}
		<-c.Done()
	})
	c := dial(t, s)
	if e := next[evi.SettingsEcho](t, c); e.VoiceID != "v" {
		t.Errorf("got %+v", e)
	}
	for i, want := range [][]byte{{0, 1, 2}, {3, 4, 5}} {
		if a := next[*evi.AudioOutput](t, c); a.Index != i || string(a.Data) != string(want) {
			t.Errorf("got %+v, want %v", a, want)
		}
	}
	next[evi.AssistantEnd](t, c)
}

func TestDialKeepsNothingTooLong(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.FrameHeader(websocket.TextMessage, 1<<20+1))
		wiretest.Drain(conn)
	})
	if _, err := evi.Dial(t.Context(), o); !errors.Is(err, websocket.ErrReadLimit) ||
		!strings.Contains(err.Error(), "longer than 1048576 bytes") {
		t.Errorf("got %v", err)
	}
}

// What was kept does not outlive the chat.
func TestDialKeepsUntilClose(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) {
		if err := errors.Join(c.AssistantEnd(), c.Greet("")); err != nil {
			t.Error(err)
		}
		<-c.Done()
	})
	c := dial(t, s)
	c.Close(1000)
	if e, err := c.Receive(t.Context()); !errors.Is(err, evi.ErrClosed) {
		t.Errorf("got %v, %v, want ErrClosed", e, err)
	}
}

func TestDialKeepsNotTooMuch(t *testing.T) {
	s := serve(t, func(c *evitest.Conn) {
		for c.AssistantEnd() == nil { // until the client has gone
		}
	})
	if _, err := evi.Dial(t.Context(), options(s)); err == nil ||
		!strings.Contains(err.Error(), "more than 16 messages before chat_metadata") {
		t.Errorf("got %v", err)
	}
}
