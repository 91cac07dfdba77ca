package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSession(t *testing.T) {
	t.Parallel()
	server := realtimetest.NewServer(realtimetest.Config{Key: "my-key", Model: realtimetest.Answers(
		realtimetest.Turn{realtimetest.Call("order_status", `{"order_id":"A-17"}`)},
		realtimetest.Turn{realtimetest.Speak("It shipped on Tuesday.", 100*time.Millisecond)},
	)})
	defer server.Close()

	var out bytes.Buffer
	file := filepath.Join(t.TempDir(), "answer.wav")
	err := run(t.Context(), []string{"-url", server.URL(), "-key", "my-key", "-out", file, "Where is order A-17?"}, &out)
	if err != nil {
		t.Fatal(err)
	}
	const want = `tool: "order_status" "{\"order_id\":\"A-17\"}"
voice: "It shipped on Tuesday."
`
	if out.String() != want {
		t.Errorf("it prints\n%swant\n%s", out.String(), want)
	}
	wav, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := media.ParseWAV(wav); err != nil || kept.Rate != media.Rate || len(kept.Data) != 2*800 {
		t.Errorf("it keeps %d bytes at %d Hz, %v", len(kept.Data), kept.Rate, err)
	}
	server.Close()
	if err := server.Err(); err != nil || len(server.Faults()) > 0 {
		t.Errorf("the server says %v, faults %q", err, server.Faults())
	}
}
