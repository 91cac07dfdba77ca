package evitest_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestScript(t *testing.T) {
	steps := []evitest.Step{
		evitest.Expect("user_input", evitest.Fields{"text": "hello"}),
		evitest.Send(map[string]any{"type": "assistant_end"}),
		evitest.Expect("session_settings", evitest.Fields{"audio": map[string]any{"sample_rate": 8000}}),
		evitest.Send(`{"type":"later"}`),
		evitest.Expect("audio_input"),
	}
	const hello, settings, sound = `{"type":"user_input","text":"hello","more":1}`,
		`{"type":"session_settings","audio":{"encoding":"linear16","sample_rate":8000,"channels":1}}`,
		`{"type":"audio_input","data":"AAA="}`
	for _, test := range []struct {
		name, want string
		answers    int // that the client waits for
		messages   []string
	}{
		{"kept", "", 3, []string{sound, hello, sound, settings, sound, hello}},
		{"another type", `step 1, expect user_input: got {"type":"assistant_input","text":"hello"}`, 1,
			[]string{`{"type":"assistant_input","text":"hello"}`}},
		{"another text", "step 1, expect user_input: want map[text:hello] in it", 1,
			[]string{`{"type":"user_input","text":"bye"}`}},
		{"another rate", "step 3, expect session_settings: want", 2,
			[]string{hello, strings.Replace(settings, "8000", "16000", 1)}},
		{"no rate", "step 3, expect session_settings: want", 2, []string{hello, `{"type":"session_settings"}`}},
		{"left early", "step 3, expect session_settings: evitest: receive: the client has left with 1000", 2,
			[]string{hello}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := evitest.NewServer("key", evitest.Script(steps...))
			ws := connect(t, s, declared)
			write(t, ws, test.messages...)
			for range test.answers {
				read(t, ws)
			}
			leave(t, ws)
			s.Close()
			err := s.Err()
			if (err != nil) != (test.want != "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// A script does not wait for ever, and the client is not left waiting.
func TestScriptTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := evitest.NewPipeServer("key", evitest.Script(evitest.Expect("user_input")))
		c, err := evi.Dial(t.Context(), &evi.DialOptions{URL: s.URL(), APIKey: "key", NetDialContext: s.DialContext})
		if err != nil {
			t.Fatal(err)
		}
		for err == nil {
			_, err = c.Receive(t.Context())
		}
		var closed *evi.CloseError
		if !errors.As(err, &closed) || closed.Code != 1011 {
			t.Errorf("the client saw %v, want 1011", err)
		}
		c.Close(1000)
		s.Close()
		if err := s.Err(); err == nil ||
			!strings.Contains(err.Error(), "step 1, expect user_input: evitest: receive: nothing came within 5s") {
			t.Errorf("got %v", err)
		}
	})
}
