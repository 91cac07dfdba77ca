package twilio

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

func TestReceive(t *testing.T) {
	s, peer := open(t, nil)
	say(t, peer, messages[0].text)
	if err := peer.WriteMessage(websocket.BinaryMessage, []byte("sound")); err != nil {
		t.Fatal(err)
	}
	say(t, peer, `{"event":"media","media":{"payload":"**"}}`)
	say(t, peer, string(wireMedia(2, 1, 57, []byte{1, 2, 3})))
	say(t, peer, strings.Repeat(" ", maxKept)+`{"event":"mark","mark":{"name":"a"}}`)
	say(t, peer, `{"event":"stop"}`)

	var got []Event
	for range 6 {
		ev, err := s.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ev)
	}
	if _, ok := got[0].(Connected); !ok {
		t.Errorf("first %#v", got[0])
	}
	if m, ok := got[1].(Malformed); !ok || m.Reason != "a binary frame" {
		t.Errorf("binary frame: %#v", got[1])
	}
	if m, ok := got[2].(Malformed); !ok || strings.Contains(m.Reason+m.Err.Error(), "*") {
		t.Errorf("bad base64: %#v", got[2])
	}
	if m, ok := got[3].(*Media); !ok || string(m.Payload) != "\x01\x02\x03" || m.Timestamp != 57 {
		t.Errorf("media: %#v", got[3])
	}
	if got[4] != (Mark{Name: "a"}) {
		t.Errorf("mark: %#v", got[4])
	}
	if got[5] != (Stop{}) {
		t.Errorf("stop: %#v", got[5])
	}
}

func TestOriginMayBeMissingButNotForeign(t *testing.T) {
	open(t, nil)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "http://voice.example.test/twilio/media", nil)
	r.Header = http.Header{
		"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Sec-Websocket-Version": {"13"},
		"Sec-Websocket-Key": {"AAAAAAAAAAAAAAAAAAAAAA=="}, "Origin": {"https://elsewhere.test"},
	}
	if _, err := Accept(w, r); err == nil || w.Code != http.StatusForbidden {
		t.Errorf("a page of another site: %d, %v", w.Code, err)
	}
	w = httptest.NewRecorder()
	if _, err := Accept(w, httptest.NewRequest("GET", "/twilio/media", nil)); err == nil || w.Code != http.StatusBadRequest {
		t.Errorf("no upgrade: %d, %v", w.Code, err)
	}
}

func TestMessageOverTheLimit(t *testing.T) {
	s, peer := open(t, nil)
	say(t, peer, `{"event":"`+strings.Repeat("x", maxMessage-12)+`"}`)
	if ev, err := s.Receive(t.Context()); err != nil {
		t.Fatalf("1 MiB: %v, %v", ev, err)
	}
	peer.WriteMessage(websocket.TextMessage, make([]byte, maxMessage+1)) // may fail half-way
	if ev, err := s.Receive(t.Context()); !errors.Is(err, websocket.ErrReadLimit) {
		t.Errorf("more than 1 MiB: %v, %v", ev, err)
	}
	if err := drain(peer); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
		t.Errorf("the peer sees %v", err)
	}
}
