package realtime_test

import (
	"errors"
	"testing"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/realtime"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "key-that-must-not-leak"

// serve starts a server, and checks at the end of the test that neither side had anything
// to complain about.
func serve(t testing.TB, c realtimetest.Config) *realtimetest.Server {
	t.Helper()
	c.Key = key
	s := realtimetest.NewServer(c)
	t.Cleanup(func() { finish(t, s) })
	return s
}

func finish(t testing.TB, s *realtimetest.Server) {
	t.Helper()
	s.Close()
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	if f := s.Faults(); len(f) != 0 {
		t.Errorf("faults: %q", f)
	}
}

// dial opens a session with a server, and closes it at the end of the test.
func dial(t testing.TB, s *realtimetest.Server, change ...func(*realtime.DialOptions)) *realtime.Session {
	t.Helper()
	o := s.Options()
	for _, f := range change {
		f(o)
	}
	session, err := realtime.Dial(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { session.Close(1000) })
	return session
}

// next receives one event of type E.
func next[E realtime.Event](t *testing.T, s *realtime.Session) E {
	t.Helper()
	e, err := s.Receive(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, ok := e.(E)
	if !ok {
		t.Fatalf("got %T, want %T", e, want)
	}
	return want
}

// await receives until an event of type E.
func await[E realtime.Event](t *testing.T, s *realtime.Session) E {
	t.Helper()
	for {
		e, err := s.Receive(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := e.(E); ok {
			return e
		}
	}
}

// send sends an event that must not be refused.
func send(t *testing.T, s *realtime.Session, e realtime.ClientEvent) realtime.EventID {
	t.Helper()
	id, err := s.Send(e)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// ending receives until the end, and returns it as a CloseError.
func ending(t *testing.T, s *realtime.Session) *realtime.CloseError {
	t.Helper()
	var closed *realtime.CloseError
	if err := lastError(t, s); !errors.As(err, &closed) {
		t.Fatalf("got %v, want a CloseError", err)
	}
	return closed
}

// lastError receives until the end.
func lastError(t *testing.T, s *realtime.Session) error {
	t.Helper()
	for {
		if _, err := s.Receive(t.Context()); err != nil {
			return err
		}
	}
}
