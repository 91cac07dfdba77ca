package agent_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// speaks starts a server of the Realtime wire. At the end of the test neither side may have
// had anything to complain about.
func speaks(t *testing.T, c realtimetest.Config) *realtimetest.Server {
	t.Helper()
	c.Key = key
	s := realtimetest.NewServer(c)
	t.Cleanup(func() {
		s.Close()
		if err := s.Err(); err != nil {
			t.Error(err)
		}
		if f := s.Faults(); len(f) != 0 {
			t.Errorf("the server would refuse: %q", f)
		}
	})
	return s
}

// talk opens a session with a server, and closes it at the end of the test.
func talk(t *testing.T, s *realtimetest.Server, d agent.Realtime, session agent.Session) agent.Agent {
	t.Helper()
	d.URL, d.APIKey = s.URL(), key
	if d.Model == "" {
		d.Model = "gpt-realtime-2.1"
	}
	a, err := d.Dial(limited(t), session)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return a
}

// listens is a voice that waits for the caller.
var listens = agent.Realtime{Listens: true}

// scripted opens a session with a server that does the steps.
func scripted(t *testing.T, steps ...realtimetest.Step) agent.Agent {
	t.Helper()
	return talk(t, speaks(t, realtimetest.Config{Handle: realtimetest.Script(steps...)}), listens, agent.Session{})
}

// until receives events up to the first of a type, which it returns with those before it.
func until[E agent.Event](t *testing.T, a agent.Agent) (E, []agent.Event) {
	t.Helper()
	var before []agent.Event
	for {
		ev := next(t, a)
		if e, ok := ev.(E); ok {
			return e, before
		}
		before = append(before, ev)
	}
}

// all picks the events of a type.
func all[E agent.Event](events []agent.Event) []E {
	var list []E
	for _, ev := range events {
		if e, ok := ev.(E); ok {
			list = append(list, e)
		}
	}
	return list
}

const ms = time.Millisecond
