package demo

import (
	"context"

	"github.com/patchcord/patchcord/realtime/realtimetest"
)

// answer is an answer on the Realtime wire that the agent's script speaks. A response
// belongs to its model's goroutine, so the script sends it what to do.
type answer struct {
	response *realtimetest.Response
	acts     chan func(*realtimetest.Response)
}

// model makes answers that go to whoever plays the agent.
func model(answers chan<- *answer) func(*realtimetest.Response) error {
	return func(r *realtimetest.Response) error {
		if words, ok := r.Exact(); ok {
			return r.Say(realtimetest.Speech{Text: words})
		}
		a := &answer{r, make(chan func(*realtimetest.Response))}
		select {
		case answers <- a:
		case <-r.Context().Done():
			return nil
		}
		for {
			select {
			case do, more := <-a.acts:
				if !more {
					return nil
				}
				do(r)
			case <-r.Context().Done():
				return nil
			}
		}
	}
}

// act has something done in the answer.
func (a *answer) act(ctx context.Context, do func(*realtimetest.Response) error) error {
	ended := make(chan error, 1)
	select {
	case a.acts <- func(r *realtimetest.Response) { ended <- do(r) }:
	case <-a.response.Context().Done():
		return errInterrupted
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	select {
	case err := <-ended:
		if a.response.Context().Err() != nil {
			return errInterrupted
		}
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
