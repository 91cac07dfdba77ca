package realtime_test

import (
	"net"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
)

func TestDial(t *testing.T) {
	s := open(t, wiretest.Drain)
	if i := s.Info(); i.ID != "sess_1" || i.Model != "m" {
		t.Errorf("got %+v", i)
	}
	if got := s.ExpiresAt(); !got.Equal(time.Unix(1795340000, 0)) {
		t.Errorf("expires at %v", got)
	}
	if s.InputFormat() != realtime.PCMU() || s.OutputFormat() != realtime.PCMU() || s.Dialect() != realtime.OpenAI {
		t.Errorf("got %v in, %v out, %s", s.InputFormat(), s.OutputFormat(), s.Dialect())
	}
}

// What comes before the session is ready is not lost, audio included.
func TestDialKeepsWhatComesEarly(t *testing.T) {
	o := peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn,
			wiretest.Text(`{"type":"conversation.created","conversation":{"id":"conv_1"}}`),
			wiretest.Text(created),
			wiretest.Text(`{"type":"response.output_audio.delta","item_id":"a","delta":"AAEC"}`),
			wiretest.Text(`{"type":"response.output_audio.delta","item_id":"b","delta":"AwQF"}`),
			wiretest.Text(updated),
			wiretest.Text(`{"type":"input_audio_buffer.cleared"}`))
		wiretest.Drain(conn)
	})
	s, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(1000)
	if e := next[realtime.ConversationCreated](t, s); e.Conversation.ID != "conv_1" {
		t.Errorf("got %+v", e)
	}
	if d := next[*realtime.AudioDelta](t, s); d.ItemID != "a" || string(d.Audio) != "\x00\x01\x02" {
		t.Errorf("got %+v", d)
	}
	if d := next[*realtime.AudioDelta](t, s); d.ItemID != "b" || string(d.Audio) != "\x03\x04\x05" {
		t.Errorf("got %+v", d)
	}
	next[realtime.AudioCleared](t, s)
}
