package twiliocarrier

import (
	"errors"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
)

// failure is an error of a request as a *carrier.Error, or nil.
func failure(op string, err error) error {
	if err == nil {
		return nil
	}
	return asError(op, err)
}

func asError(op string, err error) *carrier.Error {
	e := &carrier.Error{Op: op, Err: err}
	var api *twilio.APIError
	if errors.As(err, &api) {
		e.Code, e.Gone, e.Refusal = api.Code, api.Gone(), "Twilio refused the call: "+api.Error()
	}
	switch {
	case api != nil && twilio.NumberRefused(api.Code):
		e.Fault = carrier.FaultNumber
	case twilio.CarrierFailed(err):
		e.Fault = carrier.FaultCarrier
	}
	return e
}

// creation is an error of asking for a call: as long as it isn't known that there is none,
// the carrier has failed.
func creation(err error) *carrier.Error {
	e := asError(opPlace, err)
	if e.Ambiguous = twilio.Ambiguous(err); e.Ambiguous {
		e.Fault = carrier.FaultCarrier
	}
	return e
}
