package call

import (
	"context"
	"slices"
	"time"
)

// aside does a tool's work that may take a while: beside run, in bound at most. What it returns is
// done by run, for whichever Call carries on then. It goes on when the call ends, since it was
// begun for somebody who may not hear of it but counts on it; the call's outcome waits for it.
func (c *Call) aside(bound time.Duration, work func(context.Context) func(*Call, time.Time)) {
	e := c.errands
	e.wg.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), bound)
		defer cancel()
		then := work(ctx)
		select {
		case e.back <- then: // also after the end, if there is room
			return
		default:
		}
		select {
		case e.back <- then:
		case <-e.ctx.Done():
		}
	})
}

// bringBack writes down, at the end of the call, what came of what was done aside.
func (e *errands) bringBack(c *Call, now time.Time) {
	for {
		select {
		case then := <-e.back:
			then(c, now)
		default:
			return
		}
	}
}

// has tells whether the agent may use a built-in tool.
func (p *Profile) has(builtin string) bool { return slices.Contains(p.Builtins, builtin) }
