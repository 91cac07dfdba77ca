package demo

import (
	"context"
	"sync"

	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// realtimeConn is a conn on the Realtime wire. There the agent speaks in answers: the
// server begins one when the caller's turn is over, the bridge asks for one after a tool.
type realtimeConn struct {
	session *realtimetest.Conn
	answers <-chan *answer

	mu       sync.Mutex
	speaking bool    // the caller is
	owed     bool    // an answer begins without our doing
	call     string  // of a tool, by its id
	current  *answer // in which the agent speaks; nil between two
}

func (c *realtimeConn) voice() string                { return voiceRealtime }
func (c *realtimeConn) open(string) error            { return nil }
func (c *realtimeConn) resumed(string) (bool, error) { return false, nil }
func (c *realtimeConn) done() <-chan struct{}        { return c.session.Done() }
func (c *realtimeConn) drop()                        { c.session.Drop() }

func (c *realtimeConn) interrupt() error {
	c.callerSpeaks()
	return nil
}

// callerSpeaks cancels the answer that runs, as the wire has it.
func (c *realtimeConn) callerSpeaks() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.speaking {
		c.speaking = true
		c.session.SpeechStarted()
	}
}

// transcribe has the next answer begin, unless one goes on over the caller's words.
func (c *realtimeConn) transcribe(text string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil && c.current.response.Context().Err() != nil {
		c.current = nil
	}
	c.speaking, c.owed = false, c.current == nil
	c.session.SpeechStopped(text)
	return nil
}

// ready waits for an answer to speak in. If none is owed, it begins one.
func (c *realtimeConn) ready(ctx context.Context) error {
	c.mu.Lock()
	current, owed := c.current, c.owed
	c.mu.Unlock()
	switch {
	case current != nil && current.response.Context().Err() != nil:
		return errInterrupted
	case current != nil:
		return nil
	case !owed:
		c.session.Respond()
	}
	select {
	case next := <-c.answers:
		c.mu.Lock()
		defer c.mu.Unlock()
		c.current, c.owed = next, false
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// speak sends the text, and then µ-law in pieces of 100 ms.
func (c *realtimeConn) speak(ctx context.Context, _ string, l *line, pace float64) error {
	return c.act(ctx, func(r *realtimetest.Response) error {
		return r.Say(realtimetest.Speech{Text: l.text, Audio: l.ulaw, Sizes: []int{100 * millisecond}, Pace: pace})
	})
}

func (c *realtimeConn) callTool(ctx context.Context, name, arguments string) error {
	return c.act(ctx, func(r *realtimetest.Response) error {
		c.mu.Lock() // before the bridge can answer it
		defer c.mu.Unlock()
		var err error
		c.call, err = r.CallTool(name, arguments)
		return err
	})
}

func (c *realtimeConn) act(ctx context.Context, do func(*realtimetest.Response) error) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	c.mu.Lock()
	current := c.current
	c.mu.Unlock()
	return current.act(ctx, do)
}

func (c *realtimeConn) endTurn() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != nil {
		close(c.current.acts)
		c.current = nil
	}
	return nil
}

func (c *realtimeConn) untilAsked() {
	_ = c.endTurn() // which never fails
	c.mu.Lock()
	defer c.mu.Unlock()
	c.owed = true
}
