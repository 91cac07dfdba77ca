package twiliocarrier

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/twilio"
)

// Bounds of placing a call.
const (
	createWait = 10 * time.Second // for Twilio's answer
	retryFrom  = 500 * time.Millisecond
	retryUpTo  = 8 * time.Second
	retriesMax = 6
)

const opPlace = "place"

// Place uses a permit up and places its call, with our id of it in every URL that Twilio
// will ask. Nothing else in the program does: a test in internal/archtest holds it so.
func (c *Carrier) Place(ctx context.Context, permit consent.Permit, p carrier.Placing) (carrier.CallID, error) {
	req, err := permit.Use(time.Now())
	if err != nil {
		return "", &carrier.Error{Op: opPlace, Err: err}
	}
	hook := func(path string) string { return c.documents.PublicURL + path + "?call=" + url.QueryEscape(req.CallID) }
	params := twilio.CallParams{To: req.To, From: req.From,
		URL: hook("/twilio/answer"), StatusCallback: hook("/twilio/status"),
		Detect: detection(p.Detect), DetectCallback: hook("/twilio/amd"), Ring: p.Ring, Max: p.Max}

	var sid twilio.CallSID
	var last *carrier.Error
	create := func() error {
		if ctx.Err() != nil { // in a pause between two attempts
			last = &carrier.Error{Op: opPlace, Err: context.Cause(ctx)}
			return last
		}
		once, cancel := context.WithTimeout(context.WithoutCancel(ctx), createWait)
		defer cancel()
		var err error
		if sid, err = c.client.CreateCall(once, params); err != nil {
			last = creation(err)
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
		return carrier.CallID(sid), nil
	case last == nil:
		return "", &carrier.Error{Op: opPlace, Err: context.Cause(until)}
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

func detection(d carrier.Detection) twilio.MachineDetection {
	switch d {
	case carrier.DetectMachine:
		return twilio.DetectMachine
	case carrier.DetectGreetingEnd:
		return twilio.DetectMessageEnd
	}
	return twilio.DetectNone
}
