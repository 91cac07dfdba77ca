package twiliocarrier

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
)

// open returns a line and Twilio's end of its socket.
func open(t *testing.T) (carrier.Line, *websocket.Conn) {
	t.Helper()
	lines := make(chan carrier.Line, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := twilio.Accept(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		lines <- NewLine(s)
	}))
	t.Cleanup(server.Close)
	peer, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	l := <-lines
	t.Cleanup(func() {
		l.Close(carrier.Done)
		peer.Close()
	})
	return l, peer
}

const startMessage = `{"event":"start","streamSid":"MZ1",` +
	`"start":{"streamSid":"MZ1","accountSid":"AC1","callSid":"CA1","customParameters":{"token":"t"}}}`

func TestLine(t *testing.T) {
	l, peer := open(t)
	if l.Format() != carrier.Telephony {
		t.Errorf("the format is %+v", l.Format())
	}
	media := &carrier.Media{Timestamp: 57, Payload: []byte{0x14, 0x14, 0x14, 0x14}}
	for message, want := range map[string]carrier.Event{
		`{"event":"connected","protocol":"Call"}`: carrier.Unknown{Name: "connected"},
		startMessage: carrier.Start{Call: "CA1", Account: "AC1", Token: "t"},
		`{"event":"media","media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"FBQUFA=="}}`: media,
		`{"event":"dtmf","dtmf":{"digit":"5"}}`:                                                           carrier.Key{Digit: "5"},
		`{"event":"mark","mark":{"name":"s1"}}`:                                                           carrier.Mark{Name: "s1"},
		`{"event":"mark"}`:                                                                                carrier.Malformed{Reason: "mark: no mark object"},
		`{"event":"new"}`:                                                                                 carrier.Unknown{Name: "new"},
		`{"event":"stop"}`:                                                                                carrier.Stop{},
	} {
		if err := peer.WriteMessage(websocket.TextMessage, []byte(message)); err != nil {
			t.Fatal(err)
		}
		if ev, err := l.Receive(t.Context()); err != nil || !reflect.DeepEqual(ev, want) {
			t.Errorf("%s is %#v, %v, want %#v", message, ev, err, want)
		}
	}
	if err := l.SendMedia([]byte{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	sent := base64.StdEncoding.EncodeToString([]byte{1, 2, 3})
	if _, b, err := peer.ReadMessage(); err != nil || !strings.Contains(string(b), sent) {
		t.Errorf("Twilio gets %s, %v", b, err)
	}
	peer.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	if ev, err := l.Receive(t.Context()); !errors.Is(err, io.EOF) || ev != nil {
		t.Errorf("at the end: %#v, %v", ev, err)
	}
}

func TestClose(t *testing.T) {
	for why, code := range map[carrier.Closing]int{carrier.Done: websocket.CloseNormalClosure,
		carrier.Refused: websocket.ClosePolicyViolation} {
		l, peer := open(t)
		if err := l.Close(why); err != nil {
			t.Error(err)
		}
		if _, _, err := peer.ReadMessage(); !websocket.IsCloseError(err, code) {
			t.Errorf("closed with %v, want %d", err, code)
		}
	}
}

// A frame goes from Twilio's pool to the carrier's without a copy or an allocation.
func TestFrameAllocates(t *testing.T) {
	const frames = 2000
	l, peer := open(t)
	message := `{"event":"media","sequenceNumber":"2","streamSid":"MZ1",` +
		`"media":{"track":"inbound","chunk":"1","timestamp":"57","payload":"` +
		base64.StdEncoding.EncodeToString(make([]byte, 160)) + `"}}`
	head := []byte{0x81, 0x80 | 126, byte(len(message) >> 8), byte(len(message)), 0, 0, 0, 0} // masked with zeros
	frame := append(head, message...)
	go peer.NetConn().Write(bytes.Repeat(frame, frames))
	var before, after runtime.MemStats
	for n := range frames {
		if n == 100 { // by now the pools are filled
			runtime.ReadMemStats(&before)
		}
		ev, err := l.Receive(t.Context())
		m, ok := ev.(*carrier.Media)
		if err != nil || !ok || len(m.Payload) != 160 {
			t.Fatalf("%#v, %v", ev, err)
		}
		m.Release()
	}
	runtime.ReadMemStats(&after)
	if got := float64(after.Mallocs-before.Mallocs) / frames; got >= allocsMost {
		t.Errorf("%.2f allocations for each frame", got)
	}
}
