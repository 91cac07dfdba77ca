package realtimetest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// start runs a server until the test ends.
func start(t *testing.T, c realtimetest.Config) *realtimetest.Server {
	t.Helper()
	s := realtimetest.NewServer(c)
	t.Cleanup(s.Close)
	return s
}

// client is one without any sense of the protocol.
type client struct {
	*testing.T
	ws *websocket.Conn
}

// connect opens a socket and reads up to conversation.created.
func connect(t *testing.T, s *realtimetest.Server) client {
	t.Helper()
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), s.URL()+"?model=m&key=k&protocol=realtime",
		http.Header{"Authorization": {"Bearer key"}})
	if err != nil {
		t.Fatalf("%v, %v", err, answer)
	}
	t.Cleanup(func() { ws.Close() })
	_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second)) // no test waits for ever
	c := client{t, ws}
	c.until("session.created")
	return c
}

// phone are settings that a telephone asks for.
const phone = `{"type":"session.update","session":{"type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"},
	"transcription":{"model":"t"}},"output":{"format":{"type":"audio/pcmu"}}}}}`

// ready opens a session with a telephone's settings.
func ready(t *testing.T, s *realtimetest.Server) client {
	t.Helper()
	c := connect(t, s)
	c.send(phone)
	c.until("session.updated")
	return c
}

func (c client) send(messages ...string) {
	c.Helper()
	for _, m := range messages {
		if err := c.ws.WriteMessage(websocket.TextMessage, []byte(m)); err != nil {
			c.Fatal(err)
		}
	}
}

func (c client) read() object {
	c.Helper()
	var m object
	if err := c.ws.ReadJSON(&m); err != nil {
		c.Fatal(err)
	}
	return m
}

// until reads up to an event of the type.
func (c client) until(kind string) object {
	c.Helper()
	for {
		switch m := c.read(); m["type"] {
		case kind:
			return m
		case "error":
			c.Fatalf("got %v before %s", m, kind)
		}
	}
}

// kinds reads up to an event of the last type, and returns all types, without those that
// come anywhere.
func (c client) kinds(last string) []string {
	c.Helper()
	var all []string
	for {
		kind, _ := c.read()["type"].(string)
		if kind != "rate_limits.updated" && kind != "conversation.created" {
			all = append(all, kind)
		}
		if kind == last {
			return all
		}
	}
}

func compact(kinds []string) string {
	replacer := strings.NewReplacer("conversation.item.", "c.", "response.", "r.", "input_audio_buffer.", "i.",
		"output_", "o_")
	return replacer.Replace(strings.Join(kinds, " "))
}

// dial opens a session with the client that is tested elsewhere.
func dial(t *testing.T, s *realtimetest.Server, change ...func(*realtime.DialOptions)) *realtime.Session {
	t.Helper()
	o := s.Options()
	for _, f := range change {
		f(o)
	}
	session, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close(1000) })
	return session
}
