package builtin

import (
	"errors"
	"time"
)

// StopCalling opts out the person who is on the line.
const StopCalling = "stop_calling"

var stopCallingForm = form[struct{}](StopCalling,
	"Takes the person on the line off our list and ends the call at once. Use it as soon as they want no more calls, in "+
		"whatever words.")

var errNoLedger = errors.New("can't record this person in the ledger")

// stopCalling gives the agent no answer unless it fails: it has nothing more to say.
func stopCalling(_ *State, c Controls, t Invocation, _ struct{}, now time.Time) {
	if !c.OptOut(t, now) {
		c.Refuse(t, "This can't be done on this call. Tell the caller how else to reach us.", errNoLedger, now)
	}
}
