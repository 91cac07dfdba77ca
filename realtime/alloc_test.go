//go:build !race

package realtime_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// gorilla makes a reader for each message: one allocation that can't be helped, beside none of
// ours.
const ofGorilla = 1

func TestAppendAudioAllocates(t *testing.T) {
	s := open(t, wiretest.Drain)
	audio := make([]byte, 160)
	n := testing.AllocsPerRun(1000, func() {
		if err := s.AppendAudio(audio); err != nil {
			t.Fatal(err)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations for each AppendAudio", n)
	}
}

func TestReceiveAudioAllocates(t *testing.T) {
	s := open(t, speak)
	ctx := t.Context()
	n := testing.AllocsPerRun(1000, func() {
		if _, err := s.Receive(ctx); err != nil {
			t.Fatal(err)
		}
	})
	if n > ofGorilla {
		t.Errorf("%v allocations for each Receive, want %d", n, ofGorilla)
	}
}

func BenchmarkAppendAudio(b *testing.B) {
	s := open(b, wiretest.Drain)
	audio := make([]byte, 160) // 20 ms of µ-law
	b.ReportAllocs()
	for b.Loop() {
		if err := s.AppendAudio(audio); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReceiveAudio(b *testing.B) {
	s := open(b, speak)
	ctx := b.Context()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Receive(ctx); err != nil {
			b.Fatal(err)
		}
	}
}

// speak sends half a second of µ-law at a time until the client has gone.
func speak(conn net.Conn) {
	data := base64.StdEncoding.EncodeToString(make([]byte, 4000))
	piece := wiretest.Frame(websocket.TextMessage,
		fmt.Appendf(nil, `{"type":"response.output_audio.delta","event_id":"event_65",
		"response_id":"resp_1","item_id":"item_a1","output_index":0,"content_index":0,"delta":%q}`, data))
	for {
		if _, err := conn.Write(piece); err != nil {
			return
		}
	}
}
