package realtime_test

import (
	"runtime"
	"testing"

	"github.com/patchcord/patchcord/realtime"
)

// A message over its budget is not kept while the rest of it comes. It is not parallel: it measures.
func TestALongMessageTakesNoMemory(t *testing.T) {
	const size = 16 << 20
	c := budgeted(t, padded(`{"type":"response.output_audio_transcript.done","transcript":"%"}`, size))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	over := next[realtime.TooLarge](t, c)
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; over.Bytes != size || used > size/4 {
		t.Errorf("%+v took %d KiB", over, used>>10)
	}
}
