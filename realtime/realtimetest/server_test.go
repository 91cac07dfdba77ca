package realtimetest_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// knock asks for a session, and returns the status of the answer.
func knock(t *testing.T, s *realtimetest.Server, path string, h http.Header) int {
	t.Helper()
	ws, answer, err := websocket.DefaultDialer.DialContext(t.Context(), strings.TrimSuffix(s.URL(), "/v1/realtime")+path,
		h)
	if err == nil {
		ws.Close()
	}
	if answer == nil {
		t.Fatal(err)
	}
	return answer.StatusCode
}

func TestPlans(t *testing.T) {
	s := start(t, realtimetest.Config{})
	s.Refuse(503, 2)
	s.Delay(time.Millisecond, 1)
	s.Refuse(429, -1)
	var got []int
	for range 5 {
		got = append(got, knock(t, s, "/v1/realtime?model=m", nil))
	}
	if want := []int{503, 503, 101, 429, 429}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s.Accept()
	if status := knock(t, s, "/v1/realtime?model=m", nil); status != 101 {
		t.Errorf("after Accept: got %d, want 101", status)
	}
	if n := s.Tries(); n != 6 {
		t.Errorf("%d tries, want 6", n)
	}
}

func TestKeys(t *testing.T) {
	for _, test := range []struct {
		dialect       realtime.Dialect
		path          string
		header, value string
		want          int
	}{
		{realtime.OpenAI, "/v1/realtime?model=m", "Authorization", "Bearer key", 101},
		{realtime.OpenAI, "/v1/realtime?model=m", "Authorization", "Bearer yek", 401},
		{realtime.OpenAI, "/v1/realtime?model=m", "api-key", "key", 401},
		{realtime.OpenAI, "/v1/models", "Authorization", "Bearer key", 404},
		{realtime.Azure, "/v1/realtime?model=m", "api-key", "key", 101},
		{realtime.Azure, "/v1/realtime?model=m", "Authorization", "Bearer key", 101},
		{realtime.Azure, "/v1/realtime", "api-key", "key", 400},
		{realtime.Inworld, "/v1/realtime", "Authorization", "Basic key", 101},
		{realtime.Inworld, "/v1/realtime", "Authorization", "Bearer key", 401},
	} {
		s := start(t, realtimetest.Config{Key: "key", Dialect: test.dialect})
		if got := knock(t, s, test.path, http.Header{test.header: {test.value}}); got != test.want {
			t.Errorf("%s %s, %s: %s: got %d, want %d", test.dialect, test.path, test.header, test.value, got, test.want)
		}
	}
}

func TestHangEndsWithTheServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := realtimetest.NewPipeServer(realtimetest.Config{})
		s.Hang(1)
		ended := make(chan error, 1)
		go func() {
			d := websocket.Dialer{NetDialContext: s.DialContext}
			_, _, err := d.Dial("ws://127.0.0.1/v1/realtime", nil)
			ended <- err
		}()
		synctest.Wait()
		s.Close()
		if err := <-ended; err == nil || errors.Is(err, websocket.ErrBadHandshake) {
			t.Errorf("got %v, want a cut connection", err)
		}
	})
}

// Close ends sessions in which neither side does anything.
func TestCloseEndsSessions(t *testing.T) {
	s := realtimetest.NewServer(realtimetest.Config{Key: "key"})
	c := ready(t, s)
	s.Close()
	if _, _, err := c.ws.ReadMessage(); err == nil {
		t.Error("the session goes on")
	}
}

// Settings are merged: what isn't given stays, null takes away.
func TestSettings(t *testing.T) {
	s := start(t, realtimetest.Config{})
	c := ready(t, s)
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"transcription":null,
		"turn_detection":{"type":"server_vad","threshold":0.7}}},"tracing":null}}`)
	audio := c.until("session.updated")["session"].(object)["audio"].(object)
	in := audio["input"].(object)
	turns := in["turn_detection"].(object)
	if in["format"].(object)["type"] != "audio/pcmu" || in["transcription"] != nil || turns["threshold"] != 0.7 ||
		turns["silence_duration_ms"] != 200.0 {
		t.Errorf("got %v", in)
	}
	c.send(`{"type":"session.update","session":{"type":"realtime","audio":{"input":{"turn_detection":{
		"type":"semantic_vad"}}}}}`)
	if got := c.until("session.updated")["session"].(object)["audio"].(object)["input"].(object)["turn_detection"].(object); len(got) != 1 {
		t.Errorf("another type keeps fields of the old one: %v", got)
	}
}

func TestScript(t *testing.T) {
	steps := []realtimetest.Step{
		realtimetest.Expect("conversation.item.create", realtimetest.Fields{"item": object{"role": "user"}}),
		realtimetest.Send(object{"type": "first"}),
		realtimetest.ExpectAudio(320),
		realtimetest.Send(`{"type":"second"}`),
		realtimetest.Expect("response.cancel"),
	}
	const item = `{"type":"conversation.item.create","item":{"type":"message","role":"user",
		"content":[{"type":"input_text","text":"x"}]}}`
	sound := frames(0xff, 40)
	for _, test := range []struct {
		name, want string
		last       string // that the client waits for
		messages   []string
	}{
		{"kept", "", "error", slices.Concat([]string{item}, sound, []string{`{"type":"response.cancel"}`})},
		{"another type", `step 1, expect conversation.item.create: got {"type":"response.cancel"}`, "error",
			[]string{`{"type":"response.cancel"}`}},
		{"another role", "step 1, expect conversation.item.create: want map[item:map[role:user]] in it",
			"conversation.item.done", []string{strings.Replace(item, `"user"`, `"system"`, 1)}},
		{"left early", "step 3, expect 320 bytes of audio: realtimetest: audio: the client has left with 1000", "first",
			append([]string{item}, sound[:1]...)},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := realtimetest.NewServer(realtimetest.Config{Handle: realtimetest.Script(steps...)})
			c := ready(t, s)
			c.send(test.messages...)
			c.until(test.last)
			c.leave()
			s.Close()
			err := s.Err()
			if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// leave closes politely, so that all that was written has been read.
func (c client) leave() {
	if err := c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""),
		time.Now().Add(time.Second)); err != nil {
		c.Error(err)
	}
	for {
		if _, _, err := c.ws.ReadMessage(); err != nil {
			return
		}
	}
}

// A script does not wait for ever, and the client is not left waiting.
func TestScriptTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := realtimetest.NewPipeServer(realtimetest.Config{Handle: realtimetest.Script(realtimetest.Expect("response.create"))})
		session := dial(t, s)
		var err error
		for err == nil {
			_, err = session.Receive(t.Context())
		}
		var closed *realtime.CloseError
		if !errors.As(err, &closed) || closed.Code != 1011 {
			t.Errorf("the client saw %v, want 1011", err)
		}
		session.Close(1000)
		s.Close()
		if err := s.Err(); err == nil || !strings.Contains(err.Error(),
			"step 1, expect response.create: realtimetest: receive: nothing came within 5s") {
			t.Errorf("got %v", err)
		}
	})
}

// The journal has all events of the client's with their times, and the audio apart.
func TestJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := realtimetest.NewPipeServer(realtimetest.Config{})
		session := dial(t, s)
		time.Sleep(time.Second)
		if err := session.AppendAudio([]byte{1, 2, 3}); err != nil {
			t.Fatal(err)
		}
		send(t, session, realtime.AudioClear{})
		receive[realtime.AudioCleared](t, session)
		conn := s.Conns()[0]
		got := conn.Journal()
		if len(got) != 2 || got[0].Type != "session.update" || got[0].At != 0 ||
			got[1].Type != "input_audio_buffer.clear" || got[1].At != time.Second || got[1].ID != "evt_1" {
			t.Errorf("got %+v", got)
		}
		if string(conn.Heard()) != "\x01\x02\x03" {
			t.Errorf("heard %v", conn.Heard())
		}
		if rest, err := conn.Hear(t.Context(), 1); string(rest) != "\x02\x03" || err != nil {
			t.Errorf("behind the first byte: %v, %v", rest, err)
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if rest, err := conn.Hear(late, 3); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("behind all of it: %v, %v", rest, err)
		}
		session.Close(1000)
		s.Close()
	})
}
