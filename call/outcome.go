package call

import (
	"errors"

	"github.com/patchcord/patchcord/calllog"
)

// Reason says why a call ended.
type Reason string

// The reasons, in the words of the call log.
const (
	CallerHungUp Reason = calllog.OutcomeCallerHungUp
	AgentEnded   Reason = calllog.OutcomeAgentEnded
	Transferred  Reason = calllog.OutcomeTransferred
	TimeLimit    Reason = calllog.OutcomeTimeLimit
	Drained      Reason = calllog.OutcomeDrained
	Failed       Reason = calllog.OutcomeFailed
	OptedOut     Reason = calllog.OutcomeOptedOut
	Voicemail    Reason = calllog.OutcomeVoicemail
	NoAnswer     Reason = calllog.OutcomeNoAnswer
	Busy         Reason = calllog.OutcomeBusy

	// streamLost is no outcome yet: Twilio may ask what to do next, and the call
	// goes on with another stream.
	streamLost Reason = "stream_lost"

	// steppedAway is none either: the call leaves its stream on purpose and goes on with
	// another.
	steppedAway Reason = "stepped_away"
)

// Outcome is how a call ended. There is one for each call.
type Outcome struct {
	Reason Reason
	Err    error // what went wrong, if something did

	note     string        // a line for the log that says more
	event    calllog.Event // of that line, if it has one
	why      string        // of EventTransferFailed
	next     next          // what Twilio shall do with a caller who is still there
	released bool          // of a placed call: no telephone ever rang
	silent   bool          // of a placed call: it was answered, and nothing was played
	failure  *calllog.Failure

	hand   *handover // of nextTransfer
	digits string    // of nextDigits
}

// unwatched is o, of a call of which nobody here will see how its transfer ends.
func (o Outcome) unwatched() Outcome {
	o.note, o.event = noteUnwatched, calllog.EventTransferUnwatched
	return o
}

// refused is o, of a call whose transfer nobody took.
func (o Outcome) refused(why string) Outcome {
	o.note, o.event, o.why = noteNobody+why, calllog.EventTransferFailed, why
	return o
}

// next is what follows on the telephone after the stream.
type next int

const (
	nextHangUp next = iota
	nextFallback
	nextMessage // for an answering machine
	nextTransfer
	nextDigits // pressed, and then another stream
)

// ErrShutdown is the cause with which a call is cancelled when the service can't
// wait for its end.
var ErrShutdown = errors.New("call: the service is shutting down")

// errNoStart refuses a stream that does not say whose it is.
var errNoStart = errors.New("call: no start message arrived in time")
