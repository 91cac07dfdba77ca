package call

import "time"

// ToolEndCall ends the call when the goodbye was heard.
const ToolEndCall = "end_call"

var endCallForm = form[struct{}](ToolEndCall,
	"Ends the call when the caller has heard everything you said. Say goodbye first, then use it, once.")

// What an agent is told that ends a call, or hands it over.
const (
	sayGoodbyeNow = "The call ends as soon as the caller has heard you say goodbye. Say it now, in one short sentence."
	callIsOver    = "The call has ended."
)

func (c *Call) endCall(t toolCall, _ struct{}, now time.Time) {
	c.leave(Outcome{Reason: AgentEnded}, t, callIsOver, now)
}
