package bridge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	account "github.com/patchcord/patchcord/hume"
)

// How often the voice agent's account is asked again, and after what.
const (
	humeTries     = 5
	humeFirstWait = 250 * time.Millisecond
	humeLongWait  = 8 * time.Second
	humePatience  = time.Minute // of a Retry-After: who is asked to wait longer is told so
)

// humeAgain builds how requests are made again whose errors a condition picks.
func humeAgain(when func(error) bool) retrypolicy.RetryPolicy[any] {
	return retrypolicy.NewBuilder[any]().
		HandleIf(func(_ any, err error) bool { return when(err) && humeWait(err) <= humePatience }).
		WithBackoff(humeFirstWait, humeLongWait).WithJitterFactor(.2).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[any]) time.Duration {
			if wait := humeWait(e.LastError()); wait > 0 {
				return wait
			}
			return -1 // the backoff
		}).
		WithMaxAttempts(humeTries).
		ReturnLastFailure().
		Build()
}

// humeWait is how long the account asks us to wait.
func humeWait(err error) time.Duration {
	var api *account.APIError
	if errors.As(err, &api) {
		return api.RetryAfter
	}
	return 0
}

var (
	// A look changes nothing: it is repeated after whatever may pass.
	lookAgain = humeAgain(account.Retryable)
	// A change is repeated only where it was not made: after "too many requests", or
	// where nobody took the connection. Twice made is two versions.
	changeAgain = humeAgain(func(err error) bool { return account.Retryable(err) && account.Refused(err) })
)

// humeAsk asks the account, by the policy again and again.
func humeAsk[T any](ctx context.Context, again retrypolicy.RetryPolicy[any], ask func() (T, error)) (T, error) {
	var got T
	var last error
	err := failsafe.With(again).WithContext(ctx).Run(func() error {
		got, last = ask()
		return last
	})
	if last == nil && err != nil && ctx.Err() != nil { // it ended before the first try
		last = context.Cause(ctx)
	}
	return got, last
}

// humeChange asks for a change, and again where that makes it but once. A change
// that has begun is not cut off when ctx ends: waiting for its answer, at most a
// few seconds, is better than not knowing.
func humeChange[T any](ctx context.Context, change func(context.Context) (T, error)) (T, error) {
	return humeAsk(ctx, changeAgain, func() (T, error) {
		if ctx.Err() != nil { // in a pause between two tries
			var none T
			return none, context.Cause(ctx)
		}
		return change(context.WithoutCancel(ctx))
	})
}

// hume makes the client of the voice agent's account.
func (c *config) hume() (*account.Client, error) {
	if c.HumeAPIKey == "" {
		return nil, &configError{[]error{errors.New("HUME_API_KEY: it is needed to ask the account")}}
	}
	client, err := account.NewClient(account.Config{URL: c.HumeAPIURL, APIKey: c.HumeAPIKey})
	if err != nil {
		return nil, &configError{[]error{fmt.Errorf("HUME_API_URL or HUME_API_KEY: %w", err)}}
	}
	return client, nil
}

// noAPIHint is what many will meet.
const noAPIHint = "By Hume's announcement hosted EVI ended on 2026-11-13; HUME_API_URL can name a server that has the same API"

// noAPI is an address without the API: what a list that is not there tells.
func (c *config) noAPI(err error) error {
	return fmt.Errorf("%s has no such API (any more): %w. %s", c.HumeAPIURL, err, noAPIHint)
}

// humeTrouble says what an error of the account means, where that is known.
func (c *config) humeTrouble(err error) error {
	var api *account.APIError
	var lost *account.LostError
	hint := ""
	if c.hostedEVI() {
		hint = ". " + noAPIHint
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api) && api.Denied():
		return fmt.Errorf("HUME_API_KEY is not taken at %s: %w", c.HumeAPIURL, err)
	case errors.As(err, &api) && api.Status == http.StatusGone:
		return c.noAPI(err)
	case errors.As(err, &api) && api.RetryAfter > humePatience:
		return fmt.Errorf("%w; it asks to wait %s: run it again then", err, api.RetryAfter)
	case errors.As(err, &lost):
		return fmt.Errorf("%s gives no answer: %w%s", c.HumeAPIURL, err, hint)
	}
	return err
}
