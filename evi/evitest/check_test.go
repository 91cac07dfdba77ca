package evitest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/patchcord/patchcord/evi/evitest"
)

// Each message, and the one fault that is found in it.
func TestFaults(t *testing.T) {
	for _, test := range []struct{ query, message, want string }{
		{declared, `{"type":"audio_input","data":"AAAA"}`, "3 bytes of audio are not whole samples"},
		{declared, `{"type":"audio_input","data":"AAECAw=="}`, ""},
		{declared, `{"type":"audio_input","data":"?"}`, "E0201"},
		{declared, `{"type":"audio_input"}`, "audio_input needs data"},
		{"", `{"type":"audio_input","data":"AAECAw=="}`, "raw audio before any audio setting"},
		{"", `{"type":"audio_input","data":"UklGRgAAAAA="}`, ""},
		{"", `{"type":"session_settings","audio":{"encoding":"linear16","sample_rate":8000,"channels":1}}`, ""},
		{"", `{"type":"session_settings","audio":{"encoding":"mulaw","sample_rate":8000,"channels":1}}`,
			"encoding is not linear16"},
		{"", `{"type":"session_settings","audio":{"encoding":"linear16","channels":1}}`, "audio.sample_rate"},
		{"", `{"type":"session_settings","audio":{"encoding":"linear16","sample_rate":8000,"channels":"1"}}`,
			"audio.channels"},
		{"", `{"type":"session_settings","context":null}`, ""},
		{"", `{"type":"session_settings","context":{"type":"persistent"}}`, "context needs text"},
		{"", `{"type":"session_settings","context":{"text":"x","type":"editable"}}`, "context.type"},
		{"", `{"type":"session_settings","tools":[{"type":"function","name":"x","parameters":"{}"}]}`, ""},
		{"", `{"type":"session_settings","tools":[{"type":"function","name":"x","parameters":{}}]}`,
			"parameters must be a string"},
		{"", `{"type":"session_settings","tools":[{"name":"x","parameters":"{}"}]}`, "type is not function"},
		{"", `{"type":"user_input","text":"x"}`, ""},
		{"", `{"type":"user_input"}`, "user_input needs text"},
		{"", `{"type":"assistant_input","text":null}`, "assistant_input needs text"},
		{"", `{"type":"tool_response","tool_call_id":"x","content":{}}`, "tool_response needs content"},
		{"", `{"type":"tool_error","tool_call_id":"x"}`, "tool_error needs error"},
		{"", `{"type":"tool_error","tool_call_id":"x","error":"e","level":"error"}`, "level"},
		{"", `{"type":"pause_assistant_message"}`, ""},
		{"", `{"type":"pause_assistant"}`, `unknown message type "pause_assistant"`},
		{"", `{}`, `unknown message type ""`},
		{"", `[]`, "E0100"},
		{"", `{`, "E0100"},
		{"verbose_transcription=True", `{"type":"user_input","text":"x"}`, "verbose_transcription"},
		{"access_token=key", `{"type":"user_input","text":"x"}`, "both an API key and an access token"},
		{"session_settings[audio][encoding]=mulaw", `{"type":"user_input","text":"x"}`, "only linear16"},
		{"session_settings[tools][0][name]=x", `{"type":"user_input","text":"x"}`, "by message only"},
	} {
		s := evitest.NewServer("key", evitest.Script())
		ws := connect(t, s, test.query)
		read(t, ws)
		write(t, ws, test.message)
		leave(t, ws)
		s.Close()
		faults := s.Faults()
		if len(faults) > 1 || (len(faults) == 1) != (test.want != "") || test.want != "" &&
			!strings.Contains(faults[0], test.want) {
			t.Errorf("%s %s: got %q, want %q", test.query, test.message, faults, test.want)
		}
	}
}

// leave closes politely, so that all that was written has been read.
func leave(t *testing.T, ws *websocket.Conn) {
	t.Helper()
	if err := ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""),
		time.Now().Add(time.Second)); err != nil {
		t.Error(err)
	}
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			return
		}
	}
}

func TestReceive(t *testing.T) {
	got := make(chan evitest.Message, 3)
	code := make(chan int, 1)
	s := start(t, func(c *evitest.Conn) {
		for {
			m, err := c.Receive(t.Context())
			if err != nil {
				code <- c.CloseCode()
				return
			}
			got <- m
		}
	})
	ws := connect(t, s, declared)
	write(t, ws, `{"type":"audio_input","data":"AAECAw=="}`, `{"type":"user_input","text":"hello"}`)
	if err := ws.WriteMessage(websocket.BinaryMessage, []byte{4, 5}); err != nil {
		t.Fatal(err)
	}
	leave(t, ws)
	if m := <-got; m.Type != "audio_input" || string(m.Audio) != "\x00\x01\x02\x03" {
		t.Errorf("got %+v", m)
	}
	if m := <-got; m.Type != "user_input" || m.Fields["text"] != "hello" ||
		string(m.Raw) != `{"type":"user_input","text":"hello"}` {
		t.Errorf("got %+v", m)
	}
	if m := <-got; m.Type != "audio_input" || string(m.Audio) != "\x04\x05" || m.Fields != nil {
		t.Errorf("got %+v", m)
	}
	if got := <-code; got != 1000 {
		t.Errorf("left with %d, want 1000", got)
	}
}

// Nobody receives: the oldest goes, the newest stays, and it is said aloud.
func TestReceiveTooLate(t *testing.T) {
	left := make(chan struct{})
	texts := make(chan any, 1)
	s := start(t, func(c *evitest.Conn) {
		<-c.Done()
		m, err := c.Receive(t.Context())
		if err != nil {
			t.Error(err)
		}
		texts <- m.Fields["text"]
		close(left)
	})
	ws := connect(t, s, declared)
	write(t, ws, `{"type":"user_input","text":"first"}`)
	for range 4096 {
		write(t, ws, `{"type":"user_input","text":"later"}`)
	}
	leave(t, ws)
	<-left
	if got := <-texts; got != "later" {
		t.Errorf("got %v, want the second message", got)
	}
	if f := s.Faults(); len(f) != 1 || !strings.Contains(f[0], "more than 4096 messages") {
		t.Errorf("got %q", f)
	}
}
