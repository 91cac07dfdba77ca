//go:build !race

package realtime_test

import (
	"runtime"
	"testing"

	"github.com/patchcord/patchcord/internal/hostile"
	"github.com/patchcord/patchcord/realtime"
)

// Whatever is sent, the session goes on, and takes little memory.
func TestHostileMessages(t *testing.T) {
	var messages []string
	for _, in := range append(hostile.JSON(), hostile.Texts()...) {
		messages = append(messages, in.Text,
			hostile.Fill(`{"type":"response.output_audio_transcript.done","transcript":%}`, in.Text))
	}
	for range 60 {
		messages = append(messages, padded(`{"type":"response.output_audio_transcript.done","transcript":"%"}`, 1<<20))
	}
	var kept []string
	for _, m := range messages {
		if len(m) < 16<<20 { // a longer one ends the session
			kept = append(kept, m)
		}
	}
	s := budgeted(t, append(kept, `{"type":"input_audio_buffer.cleared"}`)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for n := 0; ; n++ {
		e, err := s.Receive(t.Context())
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", n, len(kept), err)
		}
		if _, ok := e.(realtime.AudioCleared); ok {
			break
		}
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d messages: %d KiB were allocated", len(kept), (after.TotalAlloc-before.TotalAlloc)>>10)
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
		t.Errorf("%d bytes were allocated", took)
	}
}
