package account_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/evi/account"
	"github.com/patchcord/patchcord/evi/account/accounttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "key-that-must-not-leak"

// serve starts an account.
func serve(t *testing.T) (*accounttest.Server, *account.Client) {
	t.Helper()
	s := accounttest.NewServer(key)
	t.Cleanup(s.Close)
	return s, client(t, s.URL())
}

// client asks a server until the test ends.
func client(t *testing.T, url string) *account.Client {
	t.Helper()
	c, err := account.NewClient(account.Config{URL: url, APIKey: key, Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var orderStatus = account.ToolSpec{Name: "order_status", Description: "Look up an order.",
	Parameters: `{"type":"object"}`, Fallback: "It is down."}
