//go:build !race

package evi_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// gorilla makes a reader for each message: one allocation that can't be helped, beside none of
// ours.
const ofGorilla = 1

func TestSendAudioAllocates(t *testing.T) {
	c := dialPeer(t, wiretest.Drain)
	pcm := make([]byte, 320)
	n := testing.AllocsPerRun(1000, func() {
		if err := c.SendAudio(pcm); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for each SendAudio", n)
	}
}

func TestReceiveAudioAllocates(t *testing.T) {
	c := dialPeer(t, speak)
	ctx := t.Context()
	n := testing.AllocsPerRun(1000, func() {
		if _, err := c.Receive(ctx); err != nil {
			t.Fatal(err)
		}
	})
	if n > ofGorilla {
		t.Errorf("%v allocations for each Receive, want %d", n, ofGorilla)
	}
}

func BenchmarkSendAudio(b *testing.B) {
	c := dialPeer(b, wiretest.Drain)
	pcm := make([]byte, 320) // 20 ms at 8 kHz
	b.ReportAllocs()
	for b.Loop() {
		if err := c.SendAudio(pcm); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceiveAudio(b *testing.B) {
	c := dialPeer(b, speak)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Receive(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// speak sends pieces of 20 ms at 48 kHz until the client has gone.
func speak(conn net.Conn) {
	data := base64.StdEncoding.EncodeToString(make([]byte, 44+1920))
	piece := wiretest.Frame(websocket.TextMessage,
		fmt.Appendf(nil, `{"type":"audio_output","id":"s-1","index":0,"data":%q}`, data))
	for {
		if _, err := conn.Write(piece); err != nil {
			return
		}
	}
}

func dialPeer(tb testing.TB, handle func(net.Conn)) *evi.Chat {
	c, err := evi.Dial(tb.Context(), peer(tb, func(conn net.Conn) {
		wiretest.Put(tb, conn, wiretest.Text(metadata))
		handle(conn)
	}))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { c.Close(1000) })
	return c
}
