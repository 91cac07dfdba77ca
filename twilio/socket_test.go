package twilio

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// open returns a stream and the other end of its socket, over 127.0.0.1.
func open(t *testing.T, header http.Header) (*Stream, *websocket.Conn) {
	t.Helper()
	streams := make(chan *Stream, 1)
	server := httptest.NewServer(accepting(t, streams))
	t.Cleanup(server.Close)
	dialer := websocket.Dialer{EnableCompression: true, Subprotocols: []string{"audio.example"}}
	peer, res, err := dialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), header)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Sec-WebSocket-Protocol") + res.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("the handshake chose %q", got)
	}
	return ends(t, <-streams, peer)
}

// openInBubble is open in virtual time; call it inside a synctest bubble.
func openInBubble(t *testing.T) (*Stream, *websocket.Conn) {
	t.Helper()
	streams := make(chan *Stream, 1)
	pipe := twiliotest.NewPipe()
	server := &http.Server{Handler: accepting(t, streams)}
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(pipe) })
	t.Cleanup(func() {
		server.Close()
		serving.Wait()
	})
	dialer := websocket.Dialer{NetDialContext: pipe.DialContext}
	peer, _, err := dialer.Dial("ws://bridge/twilio/media", nil)
	if err != nil {
		t.Fatal(err)
	}
	return ends(t, <-streams, peer)
}

func accepting(t *testing.T, streams chan<- *Stream) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s, err := Accept(w, r)
		if err != nil {
			t.Error(err)
			return
		}
		streams <- s
	})
}

func ends(t *testing.T, s *Stream, peer *websocket.Conn) (*Stream, *websocket.Conn) {
	t.Cleanup(func() {
		s.Close(websocket.CloseNormalClosure, "")
		peer.Close()
	})
	return s, peer
}

func say(t *testing.T, peer *websocket.Conn, text string) {
	t.Helper()
	if err := peer.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		t.Fatal(err)
	}
}

const startMessage = `{"event":"start","sequenceNumber":"1","start":{"callSid":"` + callSID + `"},"streamSid":"` + streamSID + `"}`

func started(t *testing.T, s *Stream, peer *websocket.Conn) {
	t.Helper()
	say(t, peer, startMessage)
	if ev, err := s.Receive(t.Context()); err != nil || ev.(Start).StreamSID != streamSID {
		t.Fatal(ev, err)
	}
}

// drain reads what comes to the peer, so that it answers pings, and returns how its
// socket ended.
func drain(peer *websocket.Conn) error {
	for {
		if _, _, err := peer.ReadMessage(); err != nil {
			return err
		}
	}
}
