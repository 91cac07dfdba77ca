package realtime_test

import (
	"bytes"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// A peer that reads no more stops a send after WriteTimeout, and the session.
func TestSendToAPeerThatStopsReading(t *testing.T) {
	stop := make(chan struct{})
	o := ready(t, func(net.Conn) { <-stop })
	defer close(stop)
	o.WriteTimeout = 50 * time.Millisecond
	session, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close(1000)
	audio := make([]byte, 1<<20)
	for err == nil {
		err = session.AppendAudio(audio)
	}
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() || !strings.Contains(err.Error(), "connection is dead") {
		t.Errorf("got %v, want a timeout", err)
	}
	if _, again := session.Send(realtime.AudioClear{}); again == nil || !strings.Contains(again.Error(),
		"realtime: send input_audio_buffer.clear: the connection is dead") {
		t.Errorf("the next send: got %v", again)
	}
	if err := lastError(t, session); !strings.Contains(err.Error(), "realtime: receive: the connection is dead") {
		t.Errorf("Receive: got %v", err)
	}
}

func TestSendAfterClose(t *testing.T) {
	session := dial(t, serve(t, realtimetest.Config{}))
	for range 2 {
		if err := session.Close(1000); err != nil {
			t.Error(err)
		}
	}
	if err := session.AppendAudio([]byte{0}); !errors.Is(err, realtime.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

// What can't be sent is refused here, and the session goes on.
func TestSendRefused(t *testing.T) {
	session := dial(t, serve(t, realtimetest.Config{}))
	if err := session.AppendAudio(make([]byte, 15<<20+1)); err == nil || !strings.Contains(err.Error(),
		"at most 15728640") {
		t.Errorf("got %v", err)
	}
	if _, err := session.Send(realtime.ItemDelete{}); err == nil || !strings.Contains(err.Error(),
		"realtime: send conversation.item.delete: ItemID is empty") {
		t.Errorf("got %v", err)
	}
	if err := session.AppendAudio(nil); err != nil {
		t.Errorf("no audio: %v", err)
	}
	send(t, session, realtime.AudioClear{})
	await[realtime.AudioCleared](t, session)
}

// Sound is sent beside everything else: all of it arrives, in order.
func TestSendTogether(t *testing.T) {
	const each = 200
	s := serve(t, realtimetest.Config{})
	session := dial(t, s)
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := range each {
			if err := session.AppendAudio(bytes.Repeat([]byte{byte(i)}, 160)); err != nil {
				t.Error(err)
			}
		}
	})
	for range 3 {
		wg.Go(func() {
			for range each {
				send(t, session, realtime.AudioClear{})
			}
		})
	}
	wg.Go(func() {
		for n := 0; n < 3*each; n++ {
			await[realtime.AudioCleared](t, session)
		}
	})
	wg.Wait()
	conn := s.Conns()[0]
	if err := conn.AwaitAudio(t.Context(), 160*each); err != nil {
		t.Fatal(err)
	}
	for i, b := range conn.Heard() {
		if b != byte(i/160) {
			t.Fatalf("byte %d is %d, want %d", i, b, byte(i/160))
		}
	}
}
