package evitest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/evi/evitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const declared = "session_settings[audio][encoding]=linear16&session_settings[audio][sample_rate]=8000&session_settings[audio][channels]=1"

// start runs a server until the test ends.
func start(t *testing.T, handle func(*evitest.Conn)) *evitest.Server {
	t.Helper()
	s := evitest.NewServer("key", handle)
	t.Cleanup(s.Close)
	return s
}

// connect is a client without any sense of the protocol.
func connect(t *testing.T, s *evitest.Server, query string) *websocket.Conn {
	t.Helper()
	ws, status := try(t, s, query, "key")
	if ws == nil {
		t.Fatalf("refused with %d", status)
	}
	return ws
}

func try(t *testing.T, s *evitest.Server, query, key string) (*websocket.Conn, int) {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(),
		strings.Replace(s.URL(), "http", "ws", 1)+"/v0/evi/chat?"+q.Encode(), http.Header{"X-Hume-Api-Key": {key}})
	if err != nil {
		if answer == nil {
			t.Fatal(err)
		}
		return nil, answer.StatusCode
	}
	t.Cleanup(func() { ws.Close() })
	return ws, answer.StatusCode
}

func write(t *testing.T, ws *websocket.Conn, messages ...string) {
	t.Helper()
	for _, m := range messages {
		if err := ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, ws *websocket.Conn) map[string]any {
	t.Helper()
	var m map[string]any
	if err := ws.ReadJSON(&m); err != nil {
		t.Fatal(err)
	}
	return m
}
