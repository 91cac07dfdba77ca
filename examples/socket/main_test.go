package main

import (
	"bytes"
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/calllog"
)

// A call comes in over a WebSocket, its voice repeats what the caller says, and the log has it.
func TestSocket(t *testing.T) {
	x, err := newExchange(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(x)
	defer server.Close()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	said := bytes.Repeat([]byte{0x31}, 160)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 25 {
			if err := ws.WriteMessage(websocket.BinaryMessage, said); err != nil {
				t.Error(err)
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
	}()
	ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	heard := 0
	for heard < 25*len(said) {
		kind, b, err := ws.ReadMessage()
		if err != nil {
			t.Fatalf("after %d bytes: %v", heard, err)
		}
		if kind == websocket.BinaryMessage {
			heard += bytes.Count(b, said[:1])
		}
	}
	<-done
	ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := x.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	calls, _, err := x.store.List(t.Context(), calllog.Filter{})
	if err != nil || len(calls) != 1 || calls[0].Outcome != calllog.OutcomeCallerHungUp {
		t.Errorf("the log has %+v, %v", calls, err)
	}
}
