package evi_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "key-that-must-not-leak"

// serve starts a server, and checks at the end of the test that neither side
// had anything to complain about.
func serve(t *testing.T, handle func(*evitest.Conn)) *evitest.Server {
	t.Helper()
	s := evitest.NewServer(key, handle)
	t.Cleanup(func() {
		s.Close()
		if err := s.Err(); err != nil {
			t.Error(err)
		}
		if f := s.Faults(); len(f) != 0 {
			t.Errorf("faults: %q", f)
		}
	})
	return s
}

// dial opens a chat with a server, and closes it at the end of the test.
func dial(t *testing.T, s *evitest.Server, change ...func(*evi.DialOptions)) *evi.Chat {
	t.Helper()
	o := options(s)
	for _, f := range change {
		f(o)
	}
	c, err := evi.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(1000) })
	return c
}

// play makes a handle that greets, does one thing, and waits until the client
// has left.
func play(f func(*evitest.Conn) error) func(*evitest.Conn) {
	return evitest.Script(evitest.Do("play", f))
}

func options(s *evitest.Server) *evi.DialOptions {
	return &evi.DialOptions{
		URL:      s.URL(),
		APIKey:   key,
		Settings: &evi.ConnectSettings{Audio: evi.Linear16(8000)},
	}
}

// next receives one event of type E.
func next[E evi.Event](t *testing.T, c *evi.Chat) E {
	t.Helper()
	e, err := c.Receive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, ok := e.(E)
	if !ok {
		t.Fatalf("got %T, want %T", e, want)
	}
	return want
}

// ending receives until the end, and returns it as a CloseError.
func ending(t *testing.T, c *evi.Chat) *evi.CloseError {
	t.Helper()
	var closed *evi.CloseError
	if err := lastError(t, c); !errors.As(err, &closed) {
		t.Fatalf("got %v, want a CloseError", err)
	}
	return closed
}

func lastError(t *testing.T, c *evi.Chat) error {
	t.Helper()
	for {
		if _, err := c.Receive(t.Context()); err != nil {
			return err
		}
	}
}
