package call

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio"
)

// Bounds of placing a call.
const (
	// ringFor is how long a telephone rings: at least 15 s or four rings, 47 CFR
	// 64.1200(a)(6).
	ringFor = 30 * time.Second
	// limitMargin is what a call may last beyond its own hard stop, which says goodbye.
	limitMargin = time.Minute

	createWait = 10 * time.Second // for Twilio's answer
	retryFrom  = 500 * time.Millisecond
	retryUpTo  = 8 * time.Second
	retriesMax = 6
)

// Dialer places calls at Twilio. Nothing else in the program does: a test in
// internal/archtest holds it so.
type Dialer struct {
	Twilio    *twilio.Client
	PublicURL string        // as Twilio sees the service, without a slash at its end
	Limit     time.Duration // the hard stop of a call
}

// DialError is a call that was not placed, or of which that is not known.
type DialError struct {
	Err   error
	Maybe bool // it may ring all the same: look for it, don't place it again
}

func (e *DialError) Error() string { return "call: dial: " + e.Err.Error() }
func (e *DialError) Unwrap() error { return e.Err }

// Dial uses a permit up and places its call, with our id of it in every URL that Twilio
// will ask, so that news of it can be told apart even if the answer is lost. It asks
// again only where there certainly is no call, and only while the permit lives and ctx
// does; what is on its way when ctx ends is waited for. The error is a *[DialError].
func (d *Dialer) Dial(ctx context.Context, permit consent.Permit, detect twilio.MachineDetection) (twilio.CallSID, error) {
	req, err := permit.Use(time.Now())
	if err != nil {
		return "", &DialError{Err: err}
	}
	hook := func(path string) string { return d.PublicURL + path + "?call=" + url.QueryEscape(req.CallID) }
	params := twilio.CallParams{To: req.To, From: req.From,
		URL: hook("/twilio/answer"), StatusCallback: hook("/twilio/status"), Detect: detect, DetectCallback: hook("/twilio/amd"),
		Ring: ringFor, Max: d.Limit + limitMargin}

	var sid twilio.CallSID
	var last *DialError
	create := func() error {
		if ctx.Err() != nil { // in a pause between two attempts
			last = &DialError{Err: context.Cause(ctx)}
			return last
		}
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), createWait)
		defer cancel()
		var err error
		if sid, err = d.Twilio.CreateCall(once, params); err != nil {
			last = &DialError{Err: err, Maybe: twilio.Ambiguous(err)}
			return last
		}
		return nil
	}
	until, cancel := context.WithDeadline(ctx, permit.Expires().Add(-createWait))
	defer cancel()
	// What it returns is not what came of the call: an attempt during which the context
	// ended counts as cancelled to it, though the telephone may ring.
	_ = failsafe.With(again).WithContext(until).Run(create)
	switch {
	case sid != "":
		return sid, nil
	case last == nil:
		return "", &DialError{Err: context.Cause(until)}
	}
	return "", last
}

// again is when and how often a call is asked for again.
var again = retrypolicy.NewBuilder[any]().
	HandleIf(func(_ any, err error) bool { return twilio.Retryable(err) }).
	WithBackoff(retryFrom, retryUpTo).WithJitterFactor(.2).
	WithDelayFunc(func(e failsafe.ExecutionAttempt[any]) time.Duration {
		var api *twilio.APIError
		if errors.As(e.LastError(), &api) && api.RetryAfter > 0 {
			return api.RetryAfter
		}
		return -1 // the backoff
	}).
	WithMaxRetries(retriesMax).
	ReturnLastFailure().
	Build()
