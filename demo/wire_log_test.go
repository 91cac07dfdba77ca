package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// Of all that a telephone writes, its sound and its marks are noted, and nothing else.
func TestStamps(t *testing.T) {
	upgrader := websocket.Upgrader{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer ws.Close()
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	var s wireLog
	dialer := websocket.Dialer{NetDialContext: s.dial}
	ws, res, err := dialer.DialContext(t.Context(), "ws"+strings.TrimPrefix(server.URL, "http"), http.Header{"X-Long": {strings.Repeat("x", 500)}})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	defer ws.Close()
	sound := `{"event":"media","sequenceNumber":"2","media":{"payload":"` + strings.Repeat("/", 216) + `"}}`
	for i, tt := range []struct {
		text          string
		frames, marks int // noted so far
	}{
		{`{"event":"connected"}`, 0, 0},
		{`{"event":"start","start":{"customParameters":{"token":"` + strings.Repeat("t", 300) + `"}}}`, 0, 0},
		{sound, 1, 0}, {sound, 2, 0},
		{`{"event":"mark"}`, 2, 1},
		{sound, 3, 1},
		{`{"event":"mark"}`, 3, 2},
	} {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(tt.text)); err != nil {
			t.Fatal(err)
		}
		got := s.all()
		if len(got.frames) != tt.frames || len(got.marks) != tt.marks {
			t.Errorf("after message %d, %d frames and %d marks were noted, want %d and %d", i, len(got.frames), len(got.marks), tt.frames, tt.marks)
		}
	}
	s.begin()
	if got := s.all(); len(got.frames) != 0 || len(got.marks) != 0 {
		t.Errorf("of the call before is left %+v", got)
	}
}
