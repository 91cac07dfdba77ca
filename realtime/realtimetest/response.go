package realtimetest

import (
	"context"
	"errors"
	"fmt"
)

// ErrInterrupted is returned by what a Model does in an answer that was cancelled.
var ErrInterrupted = errors.New("realtimetest: the answer was cancelled")

// Response is an answer that the Model gives. Its methods may be called from the Model's
// goroutine alone.
type Response struct {
	ID        string
	Asked     map[string]any // of the response.create; nil if it has none, or if nobody asked
	OutOfBand bool

	conn    *Conn
	context context.Context // ends with the answer's cancellation
	cancel  context.CancelCauseFunc

	// What follows is guarded by the Conn's lock.
	items   []*item
	reason  string // why it was cancelled
	status  string // other than completed
	details object
}

// Conn is the session.
func (r *Response) Conn() *Conn { return r.conn }

// Context ends when the answer is cancelled.
func (r *Response) Context() context.Context { return r.context }

// Respond begins an answer that nobody asked for, unless one runs.
func (c *Conn) Respond() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answer(nil, false)
}

// asked begins an answer that the client asked for.
func (c *Conn) asked(asked object) *problem {
	outOfBand := asked["conversation"] == "none"
	if !outOfBand && c.active != nil {
		return &problem{"conversation_already_has_active_response", "", c.active.ID + " is in progress"}
	}
	input, _ := asked["input"].([]any)
	for _, v := range input {
		o, _ := v.(object)
		if id, _ := o["id"].(string); o["type"] == "item_reference" && c.find(id) < 0 {
			return &problem{"item_not_found", "response.input", id + " is not in the conversation"}
		}
	}
	c.answer(asked, outOfBand)
	return nil
}

// answer begins an answer. If one is being cancelled, it waits for its end; if one goes
// on, there is none.
func (c *Conn) answer(asked object, outOfBand bool) {
	c.answerBy(c.server.config.Model, asked, outOfBand)
}

func (c *Conn) answerBy(model func(*Response) error, asked object, outOfBand bool) {
	if !outOfBand && c.active != nil {
		if c.active.reason != "" {
			c.pending = append(c.pending, model)
		}
		return
	}
	r := &Response{ID: c.nextID("resp"), Asked: asked, OutOfBand: outOfBand, conn: c}
	r.context, r.cancel = context.WithCancelCause(context.Background())
	c.running[r.ID] = r
	if !outOfBand {
		c.active = r
	}
	c.event("response.created", object{"response": r.wire("in_progress")})
	c.event("rate_limits.updated", object{"rate_limits": []any{
		object{"name": "requests", "limit": 20000, "remaining": 19999, "reset_seconds": 0.003},
		object{"name": "tokens", "limit": 400000, "remaining": 396200, "reset_seconds": 0.6}}})
	c.tasks.Go(func() {
		defer r.cancel(nil)
		var err error
		if model != nil {
			err = model(r)
		}
		if err != nil && !errors.Is(err, ErrInterrupted) && !errors.Is(err, errLeft) {
			c.server.report.Failed(fmt.Errorf("realtimetest: model: %w", err))
		}
		r.finish()
	})
}

// cancelled cancels the answer with the id, or the one that writes to the conversation.
func (c *Conn) cancelled(id string) *problem {
	r := c.active
	if id != "" {
		r = c.running[id]
	}
	if r == nil || r.reason != "" {
		return &problem{"response_cancel_not_active", "", "no answer is in progress"}
	}
	r.interrupt("client_cancelled")
	return nil
}

func (r *Response) interrupt(reason string) {
	if r.reason == "" {
		r.reason = reason
		r.cancel(ErrInterrupted)
	}
}

// finish ends the answer, and begins the next if one waits.
func (r *Response) finish() {
	c := r.conn
	c.mu.Lock()
	defer c.mu.Unlock()
	status := "completed"
	switch {
	case r.status != "":
		status = r.status
	case r.reason != "":
		status, r.details = "cancelled", object{"type": "cancelled", "reason": r.reason}
	}
	c.event("response.done", object{"response": r.wire(status)})
	delete(c.running, r.ID)
	if c.active == r {
		c.active = nil
		if len(c.pending) > 0 {
			model := c.pending[0]
			c.pending = c.pending[1:]
			c.answerBy(model, nil, false)
		}
	}
}

// Fail ends the answer as failed, with an error of a type and a code.
func (r *Response) Fail(kind, code string) error {
	return r.end("failed", object{"type": "failed", "error": object{"type": kind, "code": orNull(code), "message": code}})
}

// Stop ends the answer as incomplete: "max_output_tokens" or "content_filter".
func (r *Response) Stop(reason string) error {
	return r.end("incomplete", object{"type": "incomplete", "reason": reason})
}

func (r *Response) end(status string, details object) error {
	r.conn.mu.Lock()
	defer r.conn.mu.Unlock()
	r.status, r.details = status, details
	return nil
}
