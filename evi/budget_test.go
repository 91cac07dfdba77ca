package evi_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

const (
	own  = 64 << 10
	echo = 256 << 10
)

// budgeted opens a chat with budgets and a peer that sends the messages.
func budgeted(t *testing.T, messages ...string) *evi.Chat {
	t.Helper()
	frames := [][]byte{wiretest.Text(metadata)}
	for _, m := range messages {
		frames = append(frames, wiretest.Text(m))
	}
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, frames...)
		wiretest.Drain(conn)
	})
	o.MaxMessage, o.MaxEcho = own, echo
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(1000) })
	return c
}

// padded is a message of so many bytes: the % of form becomes letters.
func padded(form string, bytes int) string {
	return strings.Replace(form, "%", strings.Repeat("a", bytes-len(form)+1), 1)
}

// What EVI makes itself has one budget, what repeats our settings another; sound counts apart,
// wherever in the message it is.
func TestBudgets(t *testing.T) {
	t.Parallel()
	wav := base64.StdEncoding.EncodeToString(make([]byte, 1<<20))
	for _, test := range []struct {
		name, message string
		most          int // of the budget it is over; 0 for a message that passes
	}{
		{"a transcript as long as may be", padded(`{"type":"user_message","message":{"role":"user","content":"%"}}`, own), 0},
		{"one byte more", padded(`{"type":"user_message","message":{"role":"user","content":"%"}}`, own+1), own},
		{"a tool's arguments", padded(`{"type":"tool_call","tool_call_id":"t","name":"n","parameters":"%"}`, 1<<20), own},
		{"an error", padded(`{"type":"error","code":"E1","slug":"%","message":"m"}`, own+1), own},
		{"a type that nobody knows", padded(`{"type":"new","x":"%"}`, 8<<20), own},
		{"a type that comes last", padded(`{"message":{"content":"%"},"type":"user_message"}`, own+1), own},
		{"and far away", padded(`{"message":{"content":"%"},"type":"user_message"}`, 8<<20), echo},
		{"a long type", padded(`{"type":"%"}`, 1<<20), echo},
		{"settings repeated", padded(`{"type":"session_settings","system_prompt":"%"}`, echo), 0},
		{"ahead of their type", padded(`{"system_prompt":"%","type":"session_settings"}`, echo), 0},
		{"one byte more of them", padded(`{"type":"session_settings","system_prompt":"%"}`, echo+1), echo},
		{"sound", `{"type":"audio_output","id":"a","index":0,"data":"` + wav + `"}`, 0},
		{"sound ahead of its type", `{"data":"` + wav + `","id":"a","index":0,"type":"audio_output"}`, 0},
		{"sound that json has to read",
			`{"type":"audio_output","x":{"y":[1,"\""]},"id":"a","index":0,"data":"` + wav + `"}`, 0},
		{"words beside sound", padded(`{"type":"audio_output","id":"%","index":0,"data":"`+wav+`"}`, 3<<20), own},
		{"sound that is words in the end", `{"type":"audio_output","data":"` + wav + `","type":"user_message"}`, own},
		{"likewise in capitals", `{"type":"audio_output","data":"` + wav + `","TYPE":"user_message"}`, own},
		{"settings that are words in the end",
			padded(`{"type":"session_settings","message":{"content":"%"},"type":"user_message"}`, own+1), own},
		{"sound that is an object", `{"type":"audio_output","id":"a","index":0,"data":{"a":"` + wav + `"}}`, own},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := budgeted(t, test.message, `{"type":"assistant_end"}`)
			e, err := c.Receive(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			over, is := e.(evi.TooLarge)
			switch {
			case is != (test.most > 0):
				t.Errorf("got %T", e)
			case is && (over.Max != test.most || over.Bytes != len(test.message)):
				t.Errorf("got %+v of %d bytes, want a budget of %d", over, len(test.message), test.most)
			}
			next[evi.AssistantEnd](t, c)
		})
	}
}

// What was sent widens the budget of what repeats it, twice over.
func TestBudgetOfWhatWasSent(t *testing.T) {
	t.Parallel()
	const prompt = 100_000
	sent := len(`{"type":"session_settings","system_prompt":""}`) + prompt
	for more, passes := range map[int]bool{0: true, 1: false} {
		t.Run(fmt.Sprint(more), func(t *testing.T) {
			t.Parallel()
			c := budgeted(t, padded(`{"type":"session_settings","system_prompt":"%"}`, echo+2*sent+more))
			if err := c.SendSettings(evi.SessionSettings{SystemPrompt: strings.Repeat("a", prompt)}); err != nil {
				t.Fatal(err)
			}
			if passes {
				next[evi.SettingsEcho](t, c)
			} else if over := next[evi.TooLarge](t, c); over.Max != echo+2*sent {
				t.Errorf("got %+v, want %d", over, echo+2*sent)
			}
		})
	}
}
