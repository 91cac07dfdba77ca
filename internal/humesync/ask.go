package humesync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"github.com/patchcord/patchcord/hume"
	"github.com/patchcord/patchcord/internal/config"
)

// How often the voice agent's account is asked again, and after what.
const (
	humeTries     = 5
	humeFirstWait = 250 * time.Millisecond
	humeLongWait  = 8 * time.Second
	humePatience  = time.Minute // of a Retry-After: who is asked to wait longer is told so
)

// retry builds how requests are made again whose errors a condition picks.
func retry(when func(error) bool) retrypolicy.RetryPolicy[any] {
	return retrypolicy.NewBuilder[any]().
		HandleIf(func(_ any, err error) bool { return when(err) && retryAfter(err) <= humePatience }).
		WithBackoff(humeFirstWait, humeLongWait).WithJitterFactor(.2).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[any]) time.Duration {
			if wait := retryAfter(e.LastError()); wait > 0 {
				return wait
			}
			return -1 // the backoff
		}).
		WithMaxAttempts(humeTries).
		ReturnLastFailure().
		Build()
}

// retryAfter is how long the account asks us to wait.
func retryAfter(err error) time.Duration {
	var api *hume.APIError
	if errors.As(err, &api) {
		return api.RetryAfter
	}
	return 0
}

var (
	// A look changes nothing: it is repeated after whatever may pass.
	lookAgain = retry(hume.Retryable)
	// A change is repeated only where it was not made: after "too many requests", or
	// where nobody took the connection. Twice made is two versions.
	changeAgain = retry(func(err error) bool { return hume.Retryable(err) && hume.Refused(err) })
)

// ask asks the account, by the policy again and again.
func ask[T any](ctx context.Context, again retrypolicy.RetryPolicy[any], ask func() (T, error)) (T, error) {
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
	return ask(ctx, changeAgain, func() (T, error) {
		if ctx.Err() != nil { // in a pause between two tries
			var none T
			return none, context.Cause(ctx)
		}
		return change(context.WithoutCancel(ctx))
	})
}

// newClient makes the client of the voice agent's account.
func newClient(c *config.Config) (*hume.Client, error) {
	if c.HumeAPIKey == "" {
		return nil, &config.Error{Problems: []error{errors.New("HUME_API_KEY: required to read the account")}}
	}
	client, err := hume.NewClient(hume.Config{URL: c.HumeAPIURL, APIKey: c.HumeAPIKey})
	if err != nil {
		return nil, &config.Error{Problems: []error{fmt.Errorf("HUME_API_URL or HUME_API_KEY: %w", err)}}
	}
	return client, nil
}

// noAPIHint is what many will meet.
const noAPIHint = "By Hume's announcement hosted EVI ended on 2026-11-13; HUME_API_URL can name a server with the same API"

// noAPI is an address without the API: what a list that is not there tells.
func noAPI(c *config.Config, err error) error {
	return fmt.Errorf("%s does not (or no longer) offer this API: %w. %s", c.HumeAPIURL, err, noAPIHint)
}

// explain says what an error of the account means, where that is known.
func explain(c *config.Config, err error) error {
	var api *hume.APIError
	var lost *hume.LostError
	hint := ""
	if c.HostedEVI() {
		hint = ". " + noAPIHint
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api) && api.Denied():
		return fmt.Errorf("%s rejects HUME_API_KEY: %w", c.HumeAPIURL, err)
	case errors.As(err, &api) && api.Status == http.StatusGone:
		return noAPI(c, err)
	case errors.As(err, &api) && api.RetryAfter > humePatience:
		return fmt.Errorf("%w; run the command again in %s", err, api.RetryAfter)
	case errors.As(err, &lost):
		return fmt.Errorf("%s does not answer: %w%s", c.HumeAPIURL, err, hint)
	}
	return err
}
