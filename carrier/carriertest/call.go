package carriertest

import (
	"context"
	"sync"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// sentence is how long a [carrier.Say] or [carrier.Transfer] takes.
const sentence = 2 * time.Second

// Call is one call of an [Exchange], and the telephone at its other end.
type Call struct {
	ID       carrier.CallID
	From, To phone.Party
	OurID    string // of a call that was placed
	Placing  carrier.Placing

	exchange *Exchange
	created  time.Time
	knock    chan carrier.Step // of Continue
	done     chan struct{}

	mu       sync.Mutex // guards what follows
	state    carrier.State
	line     *Line
	followed []carrier.Step
	result   carrier.TransferResult
}

// ring rings the telephone that is called, and has the call answered.
func (c *Call) ring() {
	c.become(carrier.Ringing)
	to := carrier.NoAnswer
	if c.exchange.Called != nil {
		to = c.exchange.Called(c)
	}
	if to != carrier.InProgress {
		c.end(to)
		return
	}
	if !c.become(carrier.InProgress) {
		return
	}
	c.follow(c.exchange.Service.AnswerOutbound(context.Background(), c.incoming(), c.OurID))
}

// follow does what a step says, and the steps after it, until the call is over.
func (c *Call) follow(s carrier.Step) {
	for {
		c.mu.Lock()
		c.followed = append(c.followed, s)
		c.mu.Unlock()
		switch step := s.(type) {
		case carrier.Connect:
			s = c.connect(step)
		case carrier.Transfer:
			s = c.transfer()
		case carrier.Say:
			c.pause(sentence)
			c.end(carrier.Completed)
		case carrier.Reject:
			c.end(carrier.Busy)
		default:
			c.end(carrier.Completed)
		}
		if c.State().Terminal() {
			return
		}
	}
}

// connect opens a line and waits until it is over.
func (c *Call) connect(step carrier.Connect) carrier.Step {
	c.become(carrier.InProgress)
	l := NewLine(carrier.Start{Call: c.ID, Token: step.Token})
	c.mu.Lock()
	c.line = l
	over := c.state.Terminal()
	c.mu.Unlock()
	if over {
		l.HangUp()
		return nil
	}
	c.exchange.Service.Connect(l)
	select {
	case <-l.Over():
	case s := <-c.knock:
		l.HangUp()
		return s
	case <-c.done:
		l.HangUp()
		return nil
	}
	select { // a step that came first, or an end
	case s := <-c.knock:
		return s
	case <-c.done:
		return nil
	default:
	}
	return c.exchange.Service.Next(context.Background(), c.incoming())
}

// transfer puts the caller through to somebody who takes the call, talks for a while, and hangs up.
func (c *Call) transfer() carrier.Step {
	c.pause(sentence)
	if c.State().Terminal() {
		return nil
	}
	in := c.incoming()
	in.Transfer = carrier.TransferTaken
	c.mu.Lock()
	if c.result != "" {
		in.Transfer = c.result
	}
	c.mu.Unlock()
	return c.exchange.Service.Next(context.Background(), in)
}

func (c *Call) pause(d time.Duration) {
	select {
	case <-time.After(d):
	case <-c.done:
	}
}

// Transfers sets how the call's transfers end. They are taken by default.
func (c *Call) Transfers(result carrier.TransferResult) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.result = result
}

// HangUp ends the call from the other end.
func (c *Call) HangUp() { c.end(carrier.Completed) }

// State is where the call is.
func (c *Call) State() carrier.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// Line is the call's newest line; nil if it has had none.
func (c *Call) Line() *Line {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.line
}

// Followed is the steps that the call has followed so far.
func (c *Call) Followed() []carrier.Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]carrier.Step(nil), c.followed...)
}

// Done is closed when the call is over.
func (c *Call) Done() <-chan struct{} { return c.done }

// become moves the call on, and tells the service. It is false if the call is over.
func (c *Call) become(s carrier.State) bool {
	c.mu.Lock()
	if c.state.Terminal() || c.state == s {
		over := c.state.Terminal()
		c.mu.Unlock()
		return !over
	}
	c.state = s
	c.mu.Unlock()
	c.exchange.Service.Status(c.OurID, carrier.Status{Call: c.ID, State: s})
	return true
}

// end ends the call, once. Of one that nobody has answered "completed" is not true.
func (c *Call) end(s carrier.State) {
	c.mu.Lock()
	if c.state.Terminal() {
		c.mu.Unlock()
		return
	}
	if s == carrier.Completed && c.state != carrier.InProgress {
		s = carrier.Canceled
	}
	c.state = s
	l := c.line
	c.mu.Unlock()
	close(c.done)
	if l != nil {
		l.HangUp()
	}
	c.exchange.Service.Status(c.OurID, carrier.Status{Call: c.ID, State: s})
}

func (c *Call) incoming() carrier.Incoming {
	return carrier.Incoming{Call: c.ID, From: c.From, To: c.To, Inbound: c.OurID == "", State: c.State()}
}
