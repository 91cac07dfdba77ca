package builtin

import "time"

// EndCall ends the call when the caller has heard the goodbye.
const EndCall = "end_call"

var endCallForm = form[struct{}](EndCall,
	"Ends the call when the caller has heard everything that you said. Say goodbye first, then use it, once.")

var goodbye = Exit{
	Prompt: "The call ends as soon as the caller has heard you say goodbye. Say it now, in one short sentence.",
	Result: "The call has ended.",
}

func endCall(_ *State, c Controls, t Invocation, _ struct{}, now time.Time) { c.Leave(t, goodbye, now) }
