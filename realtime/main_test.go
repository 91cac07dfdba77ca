package realtime_test

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/realtime"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

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

// lastError receives until the end.
func lastError(t *testing.T, s *realtime.Session) error {
	t.Helper()
	for {
		if _, err := s.Receive(t.Context()); err != nil {
			return err
		}
	}
}
