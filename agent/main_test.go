package agent_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	key     = "key-that-must-not-leak"
	patient = 30 * time.Second // for what takes no time on a machine with nothing else to do
)

// serve starts an EVI. At the end of the test neither side may have had anything
// to complain about.
func serve(t *testing.T, handle func(*evitest.Conn)) *evitest.Server {
	t.Helper()
	s := evitest.NewServer(key, handle)
	t.Cleanup(func() {
		s.Close()
		if err := s.Err(); err != nil {
			t.Error(err)
		}
		if f := s.Faults(); len(f) != 0 {
			t.Errorf("EVI would complain: %q", f)
		}
	})
	return s
}

// limited is a context that ends with the test, or with its patience.
func limited(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	t.Cleanup(cancel)
	return ctx
}

// dial opens a chat with a server, and closes it at the end of the test.
func dial(t *testing.T, s *evitest.Server, d agent.EVI, session agent.Session) agent.Agent {
	t.Helper()
	d.URL, d.APIKey = s.URL(), key
	a, err := d.Dial(limited(t), session)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// play dials an EVI that does the steps of a script.
func play(t *testing.T, steps ...evitest.Step) agent.Agent {
	t.Helper()
	return dial(t, serve(t, evitest.Script(steps...)), agent.EVI{}, agent.Session{})
}

// does is a step of EVI's.
func does(f func(*evitest.Conn) error) evitest.Step { return evitest.Do("speak", f) }

// next receives one event.
func next(t *testing.T, a agent.Agent) agent.Event {
	t.Helper()
	ev, err := a.Receive(limited(t))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}
