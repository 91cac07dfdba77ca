package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// askTimeout bounds an answer of the service.
const askTimeout = 5 * time.Second

// service is the service as its operators see it.
type service struct{ api.Client }

func newService(url, key string) service {
	return service{api.Client{URL: url, Key: key, Timeout: askTimeout}}
}

// find returns our identifier of the call that Twilio knows by a SID.
func (s *service) find(ctx context.Context, callSID string) (string, error) {
	list, err := s.Calls(ctx, api.CallFilter{TwilioCallSID: callSID})
	if err != nil {
		return "", err
	}
	if len(list.Calls) != 1 {
		return "", fmt.Errorf("the call log has %d calls of that SID, not 1", len(list.Calls))
	}
	return list.Calls[0].ID, nil
}

// record writes events into the ledger.
func (s *service) record(ctx context.Context, events ...api.Event) error {
	_, err := s.RecordEvents(ctx, api.EventsQuery{}, events...)
	return err
}

// asked is what the service answered to the wish for a call.
type asked struct {
	Status   int
	Took     time.Duration // the whole question and answer
	Call     calllog.Call
	Decision consent.Decision
}

// place asks for a call. Whatever the gate says of it is no error.
func (s *service) place(ctx context.Context, order api.CallRequest) (asked, error) {
	began := time.Now()
	placed, err := s.PlaceCall(ctx, order, "")
	a := asked{Status: http.StatusAccepted, Took: time.Since(began), Call: placed.Call, Decision: placed.Decision}
	var refused *api.Problem
	if errors.As(err, &refused) && refused.Decision != nil {
		a.Status, a.Decision, err = refused.Status, *refused.Decision, nil
	}
	return a, err
}

// history is all that the ledger has of a number, the oldest first.
func (s *service) history(ctx context.Context, number string) ([]consent.Fact, error) {
	known, err := s.Consent(ctx, number)
	if err != nil {
		return nil, err
	}
	return known.Facts()
}

// awaitReminder waits until a reminder is done with.
func (s *service) awaitReminder(ctx context.Context, id string) (r api.Reminder, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, doneWithin,
		fmt.Errorf("the reminder was not done within %v", doneWithin))
	defer cancel()
	for {
		if r, err = s.Reminder(ctx, id); err != nil || !r.Status.Live() {
			return r, err
		}
		if err := sleep(ctx, lookEvery); err != nil {
			return r, err
		}
	}
}
