package carrier

import "github.com/patchcord/patchcord/phone"

// State is where a call is in its life. The words are also those in which instances tell
// each other of it.
type State string

// The states.
const (
	Queued     State = "queued"
	Initiated  State = "initiated"
	Ringing    State = "ringing"
	InProgress State = "in-progress"
	Completed  State = "completed" // it was answered, and is over
	Busy       State = "busy"
	NoAnswer   State = "no-answer"
	Canceled   State = "canceled"
	Failed     State = "failed"
)

// Terminal reports whether nothing comes after s. News arrive in any order: a later one
// must not move a call out of a terminal state.
func (s State) Terminal() bool {
	switch s {
	case Completed, Busy, NoAnswer, Canceled, Failed:
		return true
	}
	return false
}

// Status is a carrier's word on a call.
type Status struct {
	Call  CallID
	State State
	SIP   int   // the network's response code, such as 486; 0 if there is none
	Code  int   // the carrier's own error code; 0 if there is none
	Fault Fault // whose a failure is: FaultNumber, or FaultNone where it isn't known
}

// Incoming is a carrier's question what a call shall do: it rings, was answered, or has
// come to the end of a step.
type Incoming struct {
	Call        CallID
	From, To    phone.Party
	Inbound     bool   // somebody called us
	Attestation string // how far the carrier vouches for From (STIR), such as [PassedA]; empty where it says nothing
	State       State
	Transfer    TransferResult // how a [Transfer] before this ended; empty if there was none
}

// PassedA is the one Attestation by which the carrier knows the caller, and that the number
// is theirs: full attestation, verified. Of a call that was forwarded it says so of somebody
// else, by another word.
const PassedA = "TN-Validation-Passed-A"

// TransferResult is how a [Transfer] ended.
type TransferResult string

// The results.
const (
	TransferTaken       TransferResult = "taken"        // the two were joined
	TransferNotAccepted TransferResult = "not accepted" // somebody, or a machine, answered and pressed no key
	TransferBusy        TransferResult = "busy"
	TransferNoAnswer    TransferResult = "no answer"
	TransferCanceled    TransferResult = "canceled" // before anybody answered
	TransferFailed      TransferResult = "failed"   // the number could not be reached
)
