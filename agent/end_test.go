package agent_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
)

// How EVI ends a chat, and what that means: its own goodbye, or a loss that is
// to be made good.
func TestEnds(t *testing.T) {
	t.Parallel()
	fails := func(code string, close int) evitest.Step {
		return does(func(c *evitest.Conn) error { return c.Fail(code, "some_slug", "private words", close) })
	}
	closes := func(code int) evitest.Step {
		return does(func(c *evitest.Conn) error { c.Close(code); return nil })
	}
	for _, test := range []struct {
		name  string
		steps []evitest.Step
		want  agent.LostError
	}{
		{"a goodbye", []evitest.Step{closes(1000)}, agent.LostError{Code: "1000", Ended: true}},
		{"a timeout, closed politely", []evitest.Step{fails("E0714", 1000)}, agent.LostError{Code: "E0714"}},
		{"too old, closed politely", []evitest.Step{fails("E0715", 1000)}, agent.LostError{Code: "E0715"}},
		{"sound in another encoding", []evitest.Step{fails("I0116", 1000)}, agent.LostError{Code: "I0116"}},
		{"it can't be resumed", []evitest.Step{fails("E0710", 1000)}, agent.LostError{Code: "E0710", Fresh: true}},
		{"a warning, and then a goodbye", []evitest.Step{fails("W0103", 0), closes(1000)}, agent.LostError{Code: "1000", Ended: true}},
		{"a slow model, and then a goodbye", []evitest.Step{fails("E0712", 0), closes(1000)}, agent.LostError{Code: "1000", Ended: true}},
		{"a fault of the server's", []evitest.Step{closes(1011)}, agent.LostError{Code: "1011"}},
		{"a restart", []evitest.Step{closes(1012)}, agent.LostError{Code: "1012"}},
		{"a cut", []evitest.Step{does(func(c *evitest.Conn) error { c.Drop(); return nil })}, agent.LostError{Code: "1006"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := play(t, test.steps...)
			var err error
			for err == nil {
				_, err = a.Receive(limited(t))
			}
			var lost *agent.LostError
			if !errors.As(err, &lost) {
				t.Fatal(err)
			}
			if lost.Op != "receive" || lost.Code != test.want.Code || lost.Ended != test.want.Ended || lost.Fresh != test.want.Fresh || lost.Fatal {
				t.Errorf("got %+v, want %+v", lost, test.want)
			}
			if strings.Contains(err.Error(), "private") {
				t.Errorf("the error shows what was said: %q", err)
			}
		})
	}
}

// The end of the call's context ends Receive.
func TestReceiveIsCancelled(t *testing.T) {
	t.Parallel()
	a := play(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var lost *agent.LostError
	if ev, err := a.Receive(ctx); !errors.As(err, &lost) || !errors.Is(err, context.Canceled) || lost.Ended {
		t.Errorf("got %v, %v", ev, err)
	}
}
