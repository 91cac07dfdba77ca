package twiliotest

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/patchcord/patchcord/twilio"
)

// Messages of any size carry the same sound, each with the time of its first sample.
func TestSetFrame(t *testing.T) {
	for _, size := range []int{1, 100, 160, 240, 4000} {
		var got []byte
		var sizes []int
		b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
			listen(s, func(ev twilio.Event) {
				if m, ok := ev.(*twilio.Media); ok {
					if len(sizes) > 0 && m.Timestamp != int64(len(got)/8+firstTimestamp) {
						t.Errorf("%d bytes a message: timestamp %d after %d bytes", size, m.Timestamp, len(got))
					}
					sizes = append(sizes, len(m.Payload))
					got = append(got, m.Payload...)
				}
			})
		}}
		inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
			c := dial(ctx, t, p)
			c.SetFrame(size)
			c.Speak(tone(second, 5))
			if err := c.WaitSpoken(ctx); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
			c.HangUp()
			<-c.Done()
			if n := bytes.Count(got, []byte{5}); n != second {
				t.Errorf("%d bytes a message: %d bytes of speech came", size, n)
			}
			if want := c.Said(); !bytes.HasPrefix(want, got) || len(want)-len(got) >= size {
				t.Errorf("%d bytes a message: %d came of %d", size, len(got), len(want))
			}
		})
	}
}

func TestDropFrames(t *testing.T) {
	var stamps []int64
	b := &bridge{talk: func(ctx context.Context, s *twilio.Stream) {
		listen(s, func(ev twilio.Event) {
			if m, ok := ev.(*twilio.Media); ok {
				stamps = append(stamps, m.Timestamp)
				if m.Chunk != int64(len(stamps)) {
					t.Errorf("chunk %d is the message number %d", m.Chunk, len(stamps))
				}
			}
		})
	}}
	inBubble(t, b, func(ctx context.Context, t *testing.T, p *Phone) {
		c := dial(ctx, t, p)
		await(ctx, t, c, Started, "")
		c.Speak(tone(2*second, 5))
		time.Sleep(time.Second)
		c.DropFrames(300 * time.Millisecond)
		if err := c.WaitSpoken(ctx); err != nil {
			t.Fatal(err)
		}
		c.HangUp()
		<-c.Done()
		gaps := 0
		for i := 1; i < len(stamps); i++ {
			switch stamps[i] - stamps[i-1] {
			case 20:
			case 320:
				gaps++
			default:
				t.Errorf("a gap of %d ms", stamps[i]-stamps[i-1])
			}
		}
		if gaps != 1 {
			t.Errorf("%d gaps", gaps)
		}
		if n := bytes.Count(c.Said(), []byte{5}); n != 2*second-300*8 {
			t.Errorf("%d bytes said, want %d", n, 2*second-300*8)
		}
	})
}

// What Twilio would report is a fault, and the stream lives.
func TestFaultsOfTheSocket(t *testing.T) {
	upgrader := websocket.Upgrader{}
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/twilio/media" {
			w.Header().Set("Content-Type", "text/xml")
			w.Write([]byte(`<Response><Connect><Stream url="ws://127.0.0.1/twilio/media"/></Connect></Response>`))
			return
		}
		if r.Header.Get("Origin")+r.Header.Get("Sec-WebSocket-Protocol")+r.Header.Get("Sec-WebSocket-Extensions") != "" || r.Host != "127.0.0.1" {
			t.Errorf("the handshake is not Twilio's: host %s, %v", r.Host, r.Header)
		}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer ws.Close()
		ws.WriteMessage(websocket.TextMessage, []byte(`{"event":"hello"}`))
		ws.WriteMessage(websocket.BinaryMessage, []byte{1})
		for {
			_, raw, err := ws.ReadMessage()
			if err != nil {
				return
			}
			if _, sid, ok := strings.Cut(string(raw), `"streamSid":"`); ok && strings.Contains(string(raw), `"dtmf"`) {
				ws.WriteMessage(websocket.TextMessage, []byte(`{"event":"mark","streamSid":"`+sid[:34]+`","mark":{"name":"good"}}`))
			}
		}
	})
	pipe := NewPipe()
	h := &http.Server{Handler: server}
	served := make(chan struct{})
	go func() {
		defer close(served)
		h.Serve(pipe)
	}()
	defer func() {
		h.Close()
		<-served
	}()
	p := &Phone{Bridge: "http://127.0.0.1", AuthToken: token, DialContext: pipe.DialContext}
	c := dial(t.Context(), t, p)
	await(t.Context(), t, c, Started, "")
	if err := c.Press("5"); err != nil {
		t.Fatal(err)
	}
	await(t.Context(), t, c, Echo, "good")
	c.HangUp()
	<-c.Done()
	faults := c.Faults()
	if len(faults) != 2 || faults[0][:5] != "31951" || faults[1][:5] != "31950" {
		t.Errorf("faults %q", faults)
	}
}
