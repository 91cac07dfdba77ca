package evi_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// A reply as EVI sends it, from the transcript to the end of the turn.
func TestReceive(t *testing.T) {
	pcm := []int16{1, -2, 3, -4, 5, -6, 7}
	s := serve(t, play(func(c *evitest.Conn) error {
		return errors.Join(
			c.Transcribe("Where is my parcel?", false, map[string]float64{"Confusion": 0.34}),
			c.Say(t.Context(), evitest.Speech{ID: "s-1", Text: "Let me look.", PCM: pcm, Rate: 4000, ChunkMS: 1}),
			c.CallTool("call_1", "order_status", `{"order_id":"A-17"}`, true),
			c.SendText(`{"type":"assistant_mood"}`),
			c.SendText(`{"type":`),
			c.Interrupt(),
			c.AssistantEnd(),
		)
	}))
	c := dial(t, s)
	if m := next[evi.UserMessage](t, c); m.Message.Content != "Where is my parcel?" ||
		m.Prosody["Confusion"] != 0.34 || len(m.Prosody) != 48 || m.Interim {
		t.Errorf("got %+v", m)
	}
	if m := next[evi.AssistantMessage](t, c); m.ID != "s-1" || m.Message.Content != "Let me look." || m.Prosody != nil {
		t.Errorf("got %+v", m)
	}
	for i, samples := range []int{4, 3} {
		a := next[*evi.AudioOutput](t, c)
		if a.ID != "s-1" || a.Index != i || len(a.Data) != 44+2*samples || !bytes.HasPrefix(a.Data, []byte("RIFF")) {
			t.Errorf("got %+v, want a WAV of %d samples", a, samples)
		}
	}
	if m := next[evi.ToolCall](t, c); m.ID != "call_1" || m.Name != "order_status" || !m.ResponseRequired ||
		m.ToolType != evi.ToolFunction {
		t.Errorf("got %+v", m)
	}
	if m := next[evi.Unknown](t, c); m.Type != "assistant_mood" || string(m.Raw) != `{"type":"assistant_mood"}` {
		t.Errorf("got %+v", m)
	}
	if m := next[evi.Malformed](t, c); m.Err == nil {
		t.Error("broken JSON came without a reason")
	}
	if m := next[evi.UserInterruption](t, c); m.Time == 0 {
		t.Errorf("got %+v", m)
	}
	next[evi.AssistantEnd](t, c)
}

func TestReceiveBinaryFrame(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata), wiretest.Frame(websocket.BinaryMessage, []byte{1, 2, 3}),
			wiretest.Text(`{"type":"assistant_end"}`))
		wiretest.Drain(conn)
	})
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	if m := next[evi.Malformed](t, c); !strings.Contains(m.Err.Error(), "3 bytes") {
		t.Errorf("got %v", m.Err)
	}
	next[evi.AssistantEnd](t, c)
}

// Three megabytes are fine, and leave nothing behind for what comes next.
func TestReceiveBig(t *testing.T) {
	big := bytes.Repeat([]byte("0123456789"), 300_000)
	s := serve(t, play(func(c *evitest.Conn) (err error) {
		for _, data := range [][]byte{big, {1, 2, 3}} {
			err = errors.Join(err, c.SendText(fmt.Sprintf(`{"type":"audio_output","id":"a","index":0,"data":%q}`,
				base64.StdEncoding.EncodeToString(data))))
		}
		return err
	}))
	c := dial(t, s)
	for _, want := range [][]byte{big, {1, 2, 3}} {
		if a := next[*evi.AudioOutput](t, c); !bytes.Equal(a.Data, want) {
			t.Errorf("got %d bytes, want %d others", len(a.Data), len(want))
		}
	}
}

func TestReceiveTooBig(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata), wiretest.FrameHeader(websocket.TextMessage, 16<<20+1))
		wiretest.Drain(conn)
	})
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	if err := lastError(t, c); !errors.Is(err, websocket.ErrReadLimit) ||
		!strings.Contains(err.Error(), "longer than 16777216 bytes") {
		t.Errorf("got %v", err)
	}
}

// A client that takes its time is not a peer that is silent: what came
// meanwhile is delivered, long after two ping intervals.
func TestReceiveLate(t *testing.T) {
	late := make(chan struct{})
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata))
		const ping = 6 // bytes: header and mask
		if _, err := io.ReadFull(conn, make([]byte, 6*ping)); err != nil {
			t.Error(err)
		}
		wiretest.Put(t, conn, wiretest.Text(`{"type":"assistant_end"}`))
		close(late)
		wiretest.Drain(conn)
	})
	o.PingInterval = 10 * time.Millisecond
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	<-late
	next[evi.AssistantEnd](t, c)
}

func TestReceiveAnswersPings(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(metadata), wiretest.Frame(websocket.PingMessage, []byte("hi")))
		pong := make([]byte, 8) // header, mask, "hi"
		if _, err := io.ReadFull(conn, pong); err != nil || pong[0] != 0x80|websocket.PongMessage {
			t.Errorf("got % x, %v, want a pong", pong, err)
		}
		wiretest.Put(t, conn, wiretest.Text(`{"type":"assistant_end"}`))
		wiretest.Drain(conn)
	})
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(1000)
	next[evi.AssistantEnd](t, c)
}
