package tools

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/patchcord/patchcord/internal/plain"
)

// run starts the tool in a goroutine of its own and waits for it as long as it may.
func (r *Registry) run(ctx context.Context, t Tool, c Call) (string, error) {
	if ctx.Err() != nil {
		return "", stopped(ctx) // a handler must not act for a call that is over
	}
	if err := r.enter(c.CallID); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.info.Timeout, deadlineError{t.info.Timeout})
	defer cancel()
	c.Key = cmp.Or(c.Key, rand.Text())

	done := make(chan outcome, 1) // room for an answer nobody waits for
	go func() {
		out := outcome{err: errors.New("the handler exited its goroutine")}
		defer func() {
			if v := recover(); v != nil {
				out.err = panicked(v)
			}
			r.leave(c.CallID)
			done <- out
		}()
		content, err := t.run(ctx, c)
		out.content, out.err = content, told(err)
	}()

	select {
	case out := <-done:
		return out.checked(ctx)
	case <-ctx.Done():
		return "", stopped(ctx)
	}
}

// outcome is what a handler returned.
type outcome struct {
	content string
	err     error
}

// told takes both texts out of a handler's error while a panic of its methods is caught: a nil pointer in an error's
// place is easily returned, and panics when it is read.
func told(err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Err: errors.New(err.Error())}
	if of, ok := errors.AsType[*Error](err); ok {
		e.Say = of.Say
	}
	return e
}

// checked makes sure that the result can go over a wire: not too long, UTF-8, and without characters that nobody sees. A handler that failed because ctx ended
// may be a moment faster than Call, which waits for ctx as well; the reason is the same whoever comes first.
func (o outcome) checked(ctx context.Context) (string, error) {
	switch {
	case o.err != nil && ctx.Err() != nil:
		return "", stopped(ctx)
	case o.err != nil:
		return "", o.err
	}
	content := plain.Clean(o.content)
	if len(content) > MaxResult {
		return cut(content, MaxResult), fmt.Errorf("the result has %d bytes, at most %d are allowed", len(content), MaxResult)
	}
	return content, nil
}

// deadlineError is the cause of a context that ended at a tool's deadline.
type deadlineError struct{ after time.Duration }

func (e deadlineError) Error() string { return fmt.Sprintf("no answer within %v", e.after) }

// stopped says why ctx is over.
func stopped(ctx context.Context) error {
	cause := context.Cause(ctx)
	if _, ok := errors.AsType[deadlineError](cause); ok {
		return cause
	}
	return fmt.Errorf("cancelled: %w", cause)
}

// panicked describes a panic for the log: where, and what if that can hold no speech. The text of a runtime error is made
// of types and indexes; any other value may quote the arguments, so its type stands for it.
func panicked(v any) error {
	what := fmt.Sprintf("%T", v)
	if e, ok := v.(runtime.Error); ok {
		what = e.Error()
	}
	return fmt.Errorf("the handler panicked at %s: %s", panicSite(), what)
}

// panicSite finds the handler's line: the first frame below the panic that is not the runtime's.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs)])
	below := false
	for {
		frame, more := frames.Next()
		switch inRuntime := strings.HasPrefix(frame.Function, "runtime."); {
		case frame.Function == "runtime.gopanic":
			below = true
		case below && !inRuntime:
			return fmt.Sprintf("%s:%d", filepath.Base(frame.File), frame.Line)
		}
		if !more {
			return "an unknown line"
		}
	}
}
