package realtimetest

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

// Fields are what a message is expected to have, perhaps among others. Maps in them are
// compared in the same way, everything else must be equal as JSON.
type Fields map[string]any

// Expect waits up to five seconds for an event of that type with those fields, and not
// for audio. Any other event is a failure, except a session.update, which every session
// begins with, unless it is the one that is expected.
func Expect(kind string, want ...Fields) Step {
	return Step{"expect " + kind, func(c *Conn) error {
		ctx, cancel := stepContext("nothing came")
		defer cancel()
		for {
			m, err := c.Receive(ctx)
			switch {
			case err != nil:
				return err
			case m.Type == "session.update" && kind != m.Type:
				continue
			case m.Type != kind:
				return fmt.Errorf("got %s", m.Raw)
			}
			for _, f := range want {
				if err := wiretest.Has(m.Fields, f, m.Raw); err != nil {
					return err
				}
			}
			return nil
		}
	}}
}

func stepContext(what string) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), stepTimeout, fmt.Errorf("%s within %v", what, stepTimeout))
}

// ExpectAudio waits up to five seconds until n bytes of audio were appended in all.
func ExpectAudio(n int) Step {
	return Step{fmt.Sprintf("expect %d bytes of audio", n), func(c *Conn) error {
		ctx, cancel := stepContext("they didn't come")
		defer cancel()
		return c.AwaitAudio(ctx, n)
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

// Says is a whole turn of the user's.
func Says(words string) Step {
	return Do("say", func(c *Conn) error {
		c.Say(words)
		return nil
	})
}

// Do does anything; the name appears in the failure.
func Do(name string, do func(*Conn) error) Step { return Step{name, do} }

// Script makes a Handle that does the steps in order, and then waits until the client has
// left. The first step that goes wrong is reported by [Server.Err] and ends the session
// with 1011, so that the client does not wait.
func Script(steps ...Step) func(*Conn) {
	return func(c *Conn) {
		for i, step := range steps {
			if err := step.do(c); err != nil {
				c.server.report.Failed(fmt.Errorf("realtimetest: step %d, %s: %w", i+1, step.name, err))
				c.Close(1011, "")
				return
			}
		}
		<-c.Done()
	}
}
