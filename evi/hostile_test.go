//go:build !race

package evi_test

import (
	"runtime"
	"testing"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/internal/hostile"
)

// Whatever is sent, the chat goes on, and takes little memory.
func TestHostileMessages(t *testing.T) {
	var messages []string
	for _, in := range append(hostile.JSON(), hostile.Texts()...) {
		messages = append(messages, in.Text, hostile.Fill(`{"type":"user_message","message":{"content":%}}`, in.Text))
	}
	for range 60 {
		messages = append(messages, padded(`{"type":"user_message","message":{"role":"user","content":"%"}}`, 1<<20))
	}
	var kept []string
	for _, m := range messages {
		if len(m) < 16<<20 { // a longer one ends the chat
			kept = append(kept, m)
		}
	}
	c := budgeted(t, append(kept, `{"type":"assistant_end"}`)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for n := 0; ; n++ {
		e, err := c.Receive(t.Context())
		if err != nil {
			t.Fatalf("after %d of %d messages: %v", n, len(kept), err)
		}
		if _, ok := e.(evi.AssistantEnd); ok {
			break
		}
	}
	runtime.ReadMemStats(&after)
	t.Logf("%d messages: %d KiB were allocated", len(kept), (after.TotalAlloc-before.TotalAlloc)>>10)
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
		t.Errorf("%d bytes were allocated", took)
	}
}
