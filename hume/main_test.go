package hume_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/hume/humetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "key-that-must-not-leak"

// serve starts an account.
func serve(t *testing.T) (*humetest.Server, *hume.Client) {
	t.Helper()
	s := humetest.NewServer(key)
	t.Cleanup(s.Close)
	return s, client(t, s.URL())
}

// client asks a server until the test ends.
func client(t *testing.T, url string) *hume.Client {
	t.Helper()
	c, err := hume.NewClient(hume.Config{URL: url, APIKey: key, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var orderStatus = hume.ToolSpec{Name: "order_status", Description: "Look up an order.",
	Parameters: `{"type":"object"}`, Fallback: "It is down."}
