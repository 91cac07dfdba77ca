package expression

import (
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/patchcord/patchcord/expression/expressiontest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const key = "key-that-must-not-leak"

// speaker is what most tests hear.
var speaker = expressiontest.Voice{Pitch: 140, Swing: 2, Syllables: 4}

// serve starts both services, and checks at the end that the client did nothing wrong.
func serve(t *testing.T) *expressiontest.Server {
	t.Helper()
	s := expressiontest.New(key)
	t.Cleanup(func() {
		s.Close()
		if f := s.Faults(); len(f) > 0 {
			t.Errorf("faults: %q", f)
		}
	})
	return s
}

// account is an account at a server.
func account(t *testing.T, s *expressiontest.Server, change ...func(*AccountConfig)) *Account {
	t.Helper()
	c := AccountConfig{URL: s.URL(), APIKey: key}
	for _, f := range change {
		f(&c)
	}
	a, err := NewAccount(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a
}

// observe begins to observe a call, and ends it with the test.
func observe(t *testing.T, c Config) *Observer {
	t.Helper()
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	o := m.Observe()
	t.Cleanup(func() { o.Close(0) })
	return o
}

// say gives an observer sound as if it had come in frames of 20 ms from a time on, and
// returns the time after it.
func say(o *Observer, ulaw []byte, from time.Time) time.Time {
	const size = 20 * perMS
	for len(ulaw) > 0 {
		n := min(size, len(ulaw))
		from = from.Add(length(n))
		o.Caller(ulaw[:n], from)
		ulaw = ulaw[n:]
	}
	return from
}

// next is the next result.
func next(t *testing.T, o *Observer) Result {
	t.Helper()
	select {
	case r := <-o.Results():
		return r
	case <-time.After(5 * time.Second):
		t.Fatalf("no result; %+v", o.Stats())
		return Result{}
	}
}
