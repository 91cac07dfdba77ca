package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestCallAnswers(t *testing.T) {
	var seen Call
	tool := mustNew(t, "order_status", func(ctx context.Context, in order) (string, error) {
		seen, _ = CallFrom(ctx)
		return in.ID + " is shipped", nil
	})
	r := registry(t, Config{}, tool)
	answer := r.Call(t.Context(), Call{ID: "call_1", CallID: "CA1", Name: "order_status", Arguments: json.RawMessage(` {"order_id" : "A-17"}`), Key: "k1"})
	if answer.Took < 0 {
		t.Errorf("took %v", answer.Took)
	}
	answer.Took = 0
	if want := (Answer{ID: "call_1", Name: "order_status", OK: true, Content: "A-17 is shipped"}); answer != want {
		t.Errorf("answer is %+v, want %+v", answer, want)
	}
	if seen.ID != "call_1" || seen.CallID != "CA1" || seen.Key != "k1" || string(seen.Arguments) != `{"order_id":"A-17"}` {
		t.Errorf("the handler saw the call %+v", seen)
	}

	r.Call(t.Context(), Call{Name: "order_status", Arguments: json.RawMessage(`{"order_id":"A-17"}`)})
	if len(seen.Key) < 20 {
		t.Errorf("the key of a call without one is %q, want a random one", seen.Key)
	}
	if _, ok := CallFrom(t.Context()); ok {
		t.Error("a context of no handler has a call")
	}
}

func TestCallFails(t *testing.T) {
	const failure = "Offer a callback."
	tests := map[string]struct {
		handle   func() (string, error)
		err, say string
	}{
		"plain-error":   {func() (string, error) { return "x", io.ErrClosedPipe }, "tools: t: io: read/write on closed pipe", failure},
		"two-texts":     {func() (string, error) { return "", &Error{Say: "No such order.", Err: io.EOF} }, "tools: t: EOF", "No such order."},
		"wrapped":       {func() (string, error) { return "", fmt.Errorf("crm: %w", &Error{Say: "Closed."}) }, "tools: t: crm: the tool refused", "Closed."},
		"log-text-only": {func() (string, error) { return "", &Error{Err: io.EOF} }, "tools: t: EOF", failure},
		"long-texts": {
			func() (string, error) {
				return "", &Error{Say: "x" + strings.Repeat("é", 600), Err: errors.New(strings.Repeat("x", 2000))}
			},
			"tools: t: " + strings.Repeat("x", maxText-len("tools: t: ")), "x" + strings.Repeat("é", 511),
		},
		"ended-goroutine": {func() (string, error) { runtime.Goexit(); return "", nil }, "tools: t: the handler exited its goroutine", failure},
		"too-long": {
			func() (string, error) { return strings.Repeat("x", MaxResult+1), nil },
			"tools: t: the result has 65537 bytes, at most 65536 are allowed", failure,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tool := mustNew(t, "t", func(context.Context, struct{}) (string, error) { return test.handle() }, Failure(failure))
			answer := registry(t, Config{}, tool).Call(t.Context(), Call{ID: "call_1", Name: "t"})
			if answer.OK || answer.ID != "call_1" || answer.Err != test.err || answer.Say != test.say {
				t.Errorf("answer is %+v, want the log to get %q and the agent %q", answer, test.err, test.say)
			}
			if len(answer.Content) > MaxResult || answer.Content != "" && name != "too-long" {
				t.Errorf("a failure has a content of %d bytes", len(answer.Content))
			}
		})
	}
}

// A panic is one tool's failure. Its value may quote what the caller said; the runtime's own panics do not.
func TestCallSurvivesPanics(t *testing.T) {
	var none map[string]int
	tests := map[string]struct {
		panics func()
		want   string
	}{
		"text":    {func() { panic("walnut marmalade") }, ": string"},
		"error":   {func() { panic(errors.New("walnut marmalade")) }, ": *errors.errorString"},
		"runtime": {func() { none["a"]++ }, ": assignment to entry in nil map"},
		"pointer": {func() { _ = *(*int)(nil) }, ": runtime error: invalid memory address or nil pointer dereference"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tool := mustNew(t, "t", func(context.Context, struct{}) (string, error) { test.panics(); return "", nil })
			answer := registry(t, Config{}, tool).Call(t.Context(), Call{Name: "t"})
			if answer.OK || !strings.HasPrefix(answer.Err, "tools: t: the handler panicked at call_test.go:") || !strings.HasSuffix(answer.Err, test.want) {
				t.Errorf("answer is %+v, want %q at the end", answer, test.want)
			}
			if strings.Contains(answer.Err+answer.Say, "walnut") {
				t.Errorf("answer %+v quotes the panic", answer)
			}
		})
	}
}

// An error that is a nil pointer within an interface panics when it is read, and is one tool's failure as well.
func TestCallSurvivesErrorsThatPanic(t *testing.T) {
	for name, err := range map[string]error{"ours": (*Error)(nil), "another": (*url.Error)(nil)} {
		t.Run(name, func(t *testing.T) {
			tool := mustNew(t, "t", func(context.Context, struct{}) (string, error) { return "", err })
			answer := registry(t, Config{}, tool).Call(t.Context(), Call{Name: "t"})
			if answer.OK || answer.Say != defaultFailure || !strings.HasPrefix(answer.Err, "tools: t: the handler panicked at ") {
				t.Errorf("answer is %+v", answer)
			}
		})
	}
}

func TestResultIsUTF8(t *testing.T) {
	tool := mustNew(t, "t", func(context.Context, struct{}) (string, error) { return "caf\xe9", nil })
	answer := registry(t, Config{}, tool).Call(t.Context(), Call{Name: "t"})
	if !answer.OK || answer.Content != "caf\uFFFD" {
		t.Errorf("answer is %+v", answer)
	}
}

// deaf makes a tool that heeds no context and returns when release is closed.
func deaf(t testing.TB, release <-chan struct{}, opts ...Option) Tool {
	return mustNew(t, "deaf", func(context.Context, struct{}) (string, error) {
		<-release
		return "late", nil
	}, opts...)
}

func TestCallReturnsAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := registry(t, Config{}, deaf(t, release, Timeout(time.Second)))
		defer close(release)
		answer := r.Call(t.Context(), Call{Name: "deaf"})
		if answer.OK || answer.Took != time.Second || answer.Err != "tools: deaf: no answer within 1s" || answer.Say != defaultFailure {
			t.Errorf("answer is %+v", answer)
		}
	})
}

// A handler that notices the end of its context is as good as one that does not: the reason given is the same.
func TestReasonOfAHandlerThatHeedsItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	failed := outcome{err: errors.New("connection lost")}
	if _, err := failed.checked(ctx); err == nil || err.Error() != "connection lost" {
		t.Errorf("error is %v", err)
	}
	cancel(errors.New("the caller hung up"))
	if _, err := failed.checked(ctx); err == nil || err.Error() != "cancelled: the caller hung up" {
		t.Errorf("error is %v", err)
	}
	if content, err := (outcome{content: "in time"}).checked(ctx); err != nil || content != "in time" {
		t.Errorf("a result that came is %q, %v", content, err)
	}
}

func TestCallReturnsWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := registry(t, Config{}, deaf(t, release))
		defer close(release)

		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(300*time.Millisecond, func() { cancel(errors.New("the caller hung up")) })
		answer := r.Call(ctx, Call{Name: "deaf"})
		if answer.OK || answer.Took != 300*time.Millisecond || answer.Err != "tools: deaf: cancelled: the caller hung up" {
			t.Errorf("answer is %+v", answer)
		}
	})
}

func TestCallOfAnEndedContextRunsNothing(t *testing.T) {
	tool := mustNew(t, "refund", func(context.Context, struct{}) (string, error) {
		t.Error("the handler ran")
		return "", nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	answer := registry(t, Config{}, tool).Call(ctx, Call{Name: "refund"})
	if answer.OK || answer.Err != "tools: refund: cancelled: context canceled" {
		t.Errorf("answer is %+v", answer)
	}
}

// A handler takes its place until it returns, even when its call was answered long before.
func TestHandlersInFlightAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		r := registry(t, Config{MaxPerCall: 2, MaxTotal: 3}, deaf(t, release, Timeout(time.Second)))
		call := func(callID string) Answer { return r.Call(t.Context(), Call{Name: "deaf", CallID: callID}) }
		refused := func(callID, want string) {
			t.Helper()
			answer := call(callID)
			if answer.OK || answer.Took != 0 || answer.Err != want || answer.Say != sayBusy {
				t.Errorf("answer is %+v, want %q at once", answer, want)
			}
		}

		call("CA1")
		call("CA1")
		refused("CA1", "tools: deaf: 2 tools of this call are in flight already")
		call("CA2")
		refused("CA2", "tools: deaf: 3 tools are in flight already")

		close(release)
		synctest.Wait()
		for range 3 {
			if answer := call("CA1"); !answer.OK {
				t.Errorf("a free place is refused: %+v", answer)
			}
		}
		if len(r.running) != 0 {
			t.Errorf("calls without handlers are remembered: %v", r.running)
		}
	})
}

func TestUnknownToolIsAnswered(t *testing.T) {
	answer := registry(t, Config{}).Call(t.Context(), Call{ID: "call_1", Name: "make coffee for +14155550142"})
	if answer.OK || answer.ID != "call_1" || answer.Err != "tools: no tool with that name" || answer.Say != "There is no tool with that name." {
		t.Errorf("answer is %+v", answer)
	}
}
