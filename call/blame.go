package call

import (
	"errors"
	"fmt"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
)

// carrier tells Config.Carrier how the carrier did with a call: once, whatever comes
// later.
func (b *Switchboard) carrier(p *placed, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.judge(p, err)
}

// judge is carrier with b.mu held.
func (b *Switchboard) judge(p *placed, err error) {
	if p.judged || b.cfg.Carrier == nil {
		return
	}
	p.judged = true
	b.cfg.Carrier(p.profile.Name, err)
}

// dialFailure is what a call failed by that Twilio did not take; nil if it was not asked.
func dialFailure(err error) *calllog.Failure {
	var api *twilio.APIError
	switch {
	case errors.As(err, &api) && twilio.NumberRefused(api.Code):
		return &calllog.Failure{Cause: calllog.CauseNumber, Code: api.Code}
	case errors.As(err, &api):
		return &calllog.Failure{Cause: calllog.CauseCarrier, Code: api.Code}
	case twilio.CarrierFailed(err):
		return &calllog.Failure{Cause: calllog.CauseCarrier}
	}
	return nil
}

// ringFailure is what a call failed by that Twilio took, and the carrier's trouble if it is
// that: it failed, and no telephone had rung. A number that nobody has is none.
func ringFailure(s twilio.Status, rang bool) (*calllog.Failure, error) {
	if s.Status != twilio.Failed || unheard(s) != Failed {
		return nil, nil
	}
	f := &calllog.Failure{Code: s.ErrorCode, SIP: s.SIPResponseCode}
	switch {
	case twilio.NumberRefused(s.ErrorCode) || carrier.NoSuchNumber(s.SIPResponseCode):
		f.Cause = calllog.CauseNumber
	case !rang:
		f.Cause = calllog.CauseCarrier
		return f, fmt.Errorf("call: it failed before it rang: Twilio's error %d, the network's response %d", s.ErrorCode, s.SIPResponseCode)
	}
	return f, nil
}

// reached tells whether the carrier did its part by Twilio's word: a telephone rings, or
// would have.
func reached(s twilio.Status) bool {
	switch s.Status {
	case twilio.Ringing, twilio.InProgress, twilio.Completed, twilio.Busy, twilio.NoAnswer:
		return true
	}
	return s.Status == twilio.Failed && unheard(s) == NoAnswer
}
