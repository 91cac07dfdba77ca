package realtime_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
)

const (
	own  = 64 << 10
	echo = 256 << 10
)

// budgeted opens a session with budgets and a peer that sends the messages.
func budgeted(t *testing.T, messages ...string) *realtime.Session {
	t.Helper()
	var frames [][]byte
	for _, m := range messages {
		frames = append(frames, wiretest.Text(m))
	}
	o := ready(t, func(conn net.Conn) {
		wiretest.Put(t, conn, frames...)
		wiretest.Drain(conn)
	})
	o.MaxMessage, o.MaxEcho = own, echo
	s, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(1000) })
	return s
}

// padded is a message of so many bytes: the % of form becomes letters.
func padded(form string, bytes int) string {
	return strings.Replace(form, "%", strings.Repeat("a", bytes-len(form)+1), 1)
}

// What the server makes itself has one budget, what repeats settings and items another; sound
// counts apart, wherever in the message it is.
func TestBudgets(t *testing.T) {
	t.Parallel()
	sound := base64.StdEncoding.EncodeToString(make([]byte, 1<<20))
	for _, test := range []struct {
		name, message string
		most          int // of the budget it is over, but for what was sent; 0 for a message that passes
	}{
		{"a transcript as long as may be",
			padded(`{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":"%"}`, own), 0},
		{"one byte more", padded(`{"type":"conversation.item.input_audio_transcription.completed","item_id":"i","transcript":"%"}`, own+1), own},
		{"what the model says", padded(`{"type":"response.output_audio_transcript.done","response_id":"r","transcript":"%"}`, 1<<20), own},
		{"a tool's arguments", padded(`{"type":"response.function_call_arguments.done","arguments":"%"}`, own+1), own},
		{"an item of an answer", padded(`{"type":"response.output_item.done","item":{"id":"i","type":"function_call","arguments":"%"}}`, own+1), own},
		{"an error", padded(`{"type":"error","error":{"message":"%"}}`, 8<<20), own},
		{"a type that nobody knows", padded(`{"type":"new","x":"%"}`, 8<<20), own},
		{"a type that comes last", padded(`{"transcript":"%","type":"response.output_audio_transcript.done"}`, own+1), own},
		{"and far away", padded(`{"transcript":"%","type":"response.output_audio_transcript.done"}`, 8<<20), echo},
		{"an answer ahead of its type", padded(`{"response":{"id":"r","output":[{"id":"%"}]},"type":"response.done"}`,
			echo), 0},
		{"sound", `{"type":"response.output_audio.delta","response_id":"r","item_id":"i","output_index":0,"content_index":0,"delta":"` + sound + `"}`, 0},
		{"sound by its old name",
			`{"delta":"` + sound + `","response_id":"r","item_id":"i","type":"response.audio.delta"}`, 0},
		{"a delta that is words", `{"delta":"` + sound + `","type":"response.output_audio_transcript.delta"}`, own},
		{"words beside sound", padded(`{"type":"response.output_audio.delta","item_id":"%","delta":"`+sound+`"}`, 3<<20),
			own},
		{"sound that is words in the end",
			`{"type":"response.output_audio.delta","delta":"` + sound + `","type":"response.output_audio_transcript.delta"}`,
			own},
		{"an answer far too long", padded(`{"type":"response.done","response":{"id":"r","output":[{"id":"%"}]}}`, 8<<20),
			echo},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := budgeted(t, test.message, `{"type":"input_audio_buffer.cleared"}`)
			e, err := s.Receive(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			over, is := e.(realtime.TooLarge)
			switch {
			case is != (test.most > 0):
				t.Errorf("got %T", e)
			case is && (over.Max < test.most || over.Max > test.most+1000 || over.Bytes != len(test.message)):
				t.Errorf("got %+v of %d bytes, want a budget of %d", over, len(test.message), test.most)
			}
			next[realtime.AudioCleared](t, s)
		})
	}
}

// A response.done whose items repeat 256 KiB and twice what was sent passes; one byte more does
// not. Sound that was sent doesn't count.
func TestBudgetOfWhatWasSent(t *testing.T) {
	t.Parallel()
	for more, passes := range map[int]bool{0: true, 1: false} {
		t.Run(fmt.Sprint(more), func(t *testing.T) {
			t.Parallel()
			sent := make(chan int)
			o := ready(t, func(conn net.Conn) {
				wiretest.Put(t, conn, wiretest.Text(padded(`{"type":"response.done","response":{"id":"r","output":[{"id":"i","output":"%"}]}}`, echo+2*<-sent+more)))
				_, _ = io.Copy(io.Discard, conn)
			})
			o.MaxMessage, o.MaxEcho = own, echo
			s, err := realtime.Dial(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close(1000) })
			n := 0
			item := realtime.ItemCreate{Item: realtime.FunctionOutput("c", strings.Repeat("a", 100_000))}
			for id, e := range map[realtime.EventID]realtime.ClientEvent{"evt_open": realtime.SessionUpdate{Session: realtime.Config{Audio: s.Info().Audio}}, "evt_1": item} {
				b, err := realtime.EncodeClient(realtime.OpenAI, id, e)
				if err != nil {
					t.Fatal(err)
				}
				n += len(b)
			}
			if err := s.SendAs("evt_1", item); err != nil {
				t.Fatal(err)
			}
			if err := s.AppendAudio(make([]byte, 100_000)); err != nil {
				t.Fatal(err)
			}
			sent <- n
			if passes {
				next[realtime.ResponseDone](t, s)
			} else if over := next[realtime.TooLarge](t, s); over.Max != echo+2*n {
				t.Errorf("got %+v, want %d", over, echo+2*n)
			}
		})
	}
}
