package twiliotest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Callee is somebody whom the product may call through the API; see [API.Expect]. Nobody
// else can be. Set the fields before the first call.
type Callee struct {
	Number string // E.164

	// Callbacks is how Twilio's news of the calls arrive.
	Callbacks Callbacks

	// Queued is how long a call waits at Twilio before it is begun at all.
	Queued time.Duration

	// Does is what the callee does about a call, in a goroutine of its own, as soon as
	// it rings: such as [Call.PickUp]. Without it the telephone rings until the product
	// gives up, or the test does something itself.
	Does func(*Call)

	// Unreachable has each call fail before it rings, with this response of the network
	// and, if it isn't 0, Twilio's own error code. 0 is for none of it.
	Unreachable, ErrorCode int

	mu      sync.Mutex
	creates []Create
	calls   []*Call
	changed chan struct{}
}

// Callbacks is how status callbacks of a call arrive.
type Callbacks int

// In order, each once; each twice; all of them after the end, the last first and some
// twice; or not at all.
const (
	InOrder Callbacks = iota
	Twice
	Shuffled
	Never
)

// Create is how a request to call somebody ends.
type Create string

// The ends. After those with After in their name the call is there all the same.
const (
	CreateOK          Create = "ok"
	CreateTooMany     Create = "429"
	CreateRefused     Create = "400"
	CreateFails       Create = "500"
	CreateFailsAfter  Create = "500 after"
	CreateHangsAfter  Create = "hang after"   // no answer before the product gives up
	CreateBrokenAfter Create = "broken after" // an answer that is no JSON
)

// CreateError is a request that Twilio refuses with a status of HTTP and a code of its
// own. There is no call.
func CreateError(status, code int) Create { return Create(fmt.Sprintf("%d error %d", status, code)) }

// Will sets how the next requests to call this person end; it is CreateOK from then on.
func (c *Callee) Will(ends ...Create) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.creates = append(c.creates, ends...)
}

// Calls is every call to this person so far, in order.
func (c *Callee) Calls() []*Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// Rung waits for the nth call, from 1.
func (c *Callee) Rung(ctx context.Context, n int) (*Call, error) {
	for {
		c.mu.Lock()
		if len(c.calls) >= n {
			defer c.mu.Unlock()
			return c.calls[n-1], nil
		}
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// next is how the request under way ends.
func (c *Callee) next() Create {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.creates) == 0 {
		return CreateOK
	}
	end := c.creates[0]
	c.creates = c.creates[1:]
	return end
}

// rung adds a call.
func (c *Callee) rung(call *Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}
