package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestChat(t *testing.T) {
	t.Parallel()
	server := evitest.NewServer("my-key", evitest.Script(
		evitest.Expect("user_input", evitest.Fields{"text": "Where is order A-17?"}),
		evitest.Do("ask for the tool", func(c *evitest.Conn) error {
			return c.CallTool("call_1", "order_status", `{"order_id":"A-17"}`, true)
		}),
		evitest.Expect("tool_response", evitest.Fields{"tool_call_id": "call_1"}),
		evitest.Do("answer", func(c *evitest.Conn) error {
			speech := evitest.Speech{ID: "s-1", Text: "It shipped on Tuesday.", PCM: make([]int16, 24000)}
			return errors.Join(c.Say(context.Background(), speech), c.AssistantEnd())
		}),
	))
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
	if kept, err := media.ParseWAV(wav); err != nil || kept.Rate != 48000 || len(kept.Data) != 48000 {
		t.Errorf("it keeps %d bytes at %d Hz, %v", len(kept.Data), kept.Rate, err)
	}
	server.Close()
	if err := server.Err(); err != nil || len(server.Faults()) > 0 {
		t.Errorf("the server says %v, faults %q", err, server.Faults())
	}
}
