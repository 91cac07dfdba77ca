package builtin

import "errors"

// Why Controls.Callback, and what it returns, schedule nothing.
var (
	ErrNobody      = errors.New("the caller's number is unknown, or the agent has no seller")
	ErrNoCalls     = errors.New("the agent places no calls: its seller shows no number, or the service schedules none")
	ErrSells       = errors.New("the agent's calls sell: that takes more than a spoken consent")
	ErrNoTexts     = errors.New("the seller sends no texts, so nobody can be asked for a confirmation")
	ErrAskedEnough = errors.New("as many callbacks were asked for as one number may have in a day")
)

// What the agent is told of a callback that is not scheduled.
const (
	sayNoCallback = "No callback can be scheduled just now, and none is. Say so, and offer to take a message instead."
	sayNotAllowed = "We may not call this number. Nothing is scheduled. Say so, and offer to take a message instead."
	sayOnTheList  = "They have asked us before not to call them, and are on our list: nothing is scheduled. " +
		"Say so; they can have a person here take them off it, and call us meanwhile."
	sayNoTimeNear = "We may not call them at that time, nor soon after. Nothing is scheduled. " +
		"Ask for a time on another day."
)

var callbackRefusals = []struct {
	err error
	say string
}{
	{ErrNobody, "Their number is not known here, so we can't call it. " +
		"Say so, and offer to take a message with a number."},
	{ErrNoCalls, "You place no calls. Say so, and offer to take a message instead."},
	{ErrSells, "A call that sells takes more than a spoken yes, so none is scheduled. Offer to take a message instead."},
	{errNoWords, "They have not said anything yet that asks for it. Ask them whether and when they want to be called " +
		"back; when they have answered in words, use the tool again."},
	{errDeclined, "The last thing they said was no, so nothing is scheduled. Don't press them."},
	{errArranging, "One callback is being scheduled already. Wait for that answer."},
	{errMaxCallbacks, "Enough callbacks are scheduled in this call. Say which, and schedule no more."},
	{ErrEnding, "The call is ending."},
	{ErrNoTexts, "It is not sure that this number is theirs, and we can't send it a text to ask. Nothing is scheduled. " +
		"Say that you can't arrange it, and offer to take a message or to transfer them."},
	{ErrAskedEnough, "Enough callbacks were asked for this number today. Nothing more is scheduled. " +
		"Say so, and offer to take a message."},
}

// sayOfCallback is what the agent is told of a refusal.
func sayOfCallback(err error) string {
	if f, ok := errors.AsType[*foreseenError](err); ok {
		return f.say
	}
	for _, r := range callbackRefusals {
		if errors.Is(err, r.err) {
			return r.say
		}
	}
	return sayNoCallback
}
