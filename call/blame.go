package call

import (
	"fmt"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// report tells Config.CarrierHealth how the carrier did with a call: once, whatever comes
// later.
func (b *Switchboard) report(p *placed, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.judge(p, err)
}

// judge is report with b.mu held.
func (b *Switchboard) judge(p *placed, err error) {
	if p.judged || b.cfg.CarrierHealth == nil {
		return
	}
	p.judged = true
	b.cfg.CarrierHealth(p.profile.Name, err)
}

// placeFailure is what a call failed by that the carrier did not take; nil if it was not asked.
func placeFailure(e *carrier.Error) *calllog.Failure {
	switch e.Fault {
	case carrier.FaultNumber:
		return &calllog.Failure{Cause: calllog.CauseNumber, Code: e.Code}
	case carrier.FaultCarrier:
		return &calllog.Failure{Cause: calllog.CauseCarrier, Code: e.Code}
	}
	return nil
}

// ringFailure is what a call failed by that the carrier took, and the carrier's trouble if it is
// that: it failed, and no telephone had rung. A number that nobody has is none.
func ringFailure(s carrier.Status, rang bool) (*calllog.Failure, error) {
	if s.State != carrier.Failed || unheard(s) != Failed {
		return nil, nil
	}
	f := &calllog.Failure{Code: s.Code, SIP: s.SIP}
	switch {
	case s.Fault == carrier.FaultNumber:
		f.Cause = calllog.CauseNumber
	case !rang:
		f.Cause = calllog.CauseCarrier
		return f, fmt.Errorf("call: it failed before it rang: Twilio's error %d, the network's response %d", s.Code, s.SIP)
	}
	return f, nil
}

// reached tells whether the carrier did its part by Twilio's word: a telephone rings, or
// would have.
func reached(s carrier.Status) bool {
	switch s.State {
	case carrier.Ringing, carrier.InProgress, carrier.Completed, carrier.Busy, carrier.NoAnswer:
		return true
	}
	return s.State == carrier.Failed && unheard(s) == NoAnswer
}
