package evitest

import (
	"context"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

// stepTimeout bounds the wait of one Expect.
const stepTimeout = 5 * time.Second

// Step is one thing that a Script does or waits for.
type Step struct {
	name string
	do   func(*Conn) error
}

// Fields are what a message is expected to have, perhaps among others. Maps in
// them are compared in the same way, everything else must be equal as JSON.
type Fields map[string]any

// Expect waits up to five seconds for a message of that type with those
// fields. Audio that comes before it is passed over, unless the type is
// audio_input; any other message is a failure.
func Expect(kind string, fields ...Fields) Step {
	return Step{"expect " + kind, func(c *Conn) error {
		ctx, cancel := context.WithTimeoutCause(context.Background(), stepTimeout, fmt.Errorf("nothing came within %v",
			stepTimeout))
		defer cancel()
		for {
			m, err := c.Receive(ctx)
			switch {
			case err != nil:
				return err
			case m.Type == "audio_input" && kind != "audio_input":
				continue
			case m.Type != kind:
				return fmt.Errorf("got %s", m.Raw)
			}
			for _, f := range fields {
				if err := wiretest.Has(m.Fields, f, m.Raw); err != nil {
					return err
				}
			}
			return nil
		}
	}}
}

// Send sends a message as JSON, or, if it is a string, as it is.
func Send(message any) Step {
	return Do("send", func(c *Conn) error {
		if text, ok := message.(string); ok {
			return c.SendText(text)
		}
		return c.Send(message)
	})
}

// Do does anything; the name appears in the failure.
func Do(name string, do func(*Conn) error) Step {
	return Step{name, do}
}

// Script makes a handle that greets the client, does the steps in order, and
// then waits until the client has left. The first step that goes wrong is
// reported by [Server.Err] and ends the chat with 1011, so that the client does
// not wait.
func Script(steps ...Step) func(*Conn) {
	return func(c *Conn) {
		greet := Do("greet", func(c *Conn) error { return c.Greet("") })
		for i, step := range append([]Step{greet}, steps...) {
			if err := step.do(c); err != nil {
				c.server.report.Failed(fmt.Errorf("evitest: step %d, %s: %w", i, step.name, err))
				c.Close(1011)
				return
			}
		}
		for { // and make room for what it still says
			if _, err := c.Receive(context.Background()); err != nil {
				return
			}
		}
	}
}
