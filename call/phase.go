package call

import (
	"slices"
	"time"
)

// phase is where a call is with its instance: one of the types below. docs/ARCHITECTURE.md has them as a diagram.
//
//sumtype:decl
type phase interface{ kind() phaseKind }

// The phases.
type (
	// dialing is a call that we place: the carrier has been asked for it, or is about to be.
	dialing struct{ *placed }
	// ringing is one of which the carrier has said that a telephone rings.
	ringing struct{ *placed }
	// awaiting is a call that was announced and has no stream yet. Its agent is dialed.
	awaiting struct{ *waiting }
	// sendingDigits is one that left its stream on purpose, for the keys that it presses, and awaits the next.
	sendingDigits struct{ *waiting }
	// overdue is one whose stream did not come in time: its agent was let go. A stream may come after all.
	overdue struct{ *waiting }
)

// ended is a call that is over. It is remembered as long as anybody may ask about it.
type ended struct {
	placed *placed // nil if somebody answered it, or it came in
	until  time.Time
}

// unconfirmed is a call that was given a stream while the database was away: whose it is nobody could say. It is done
// once.
type unconfirmed struct{ until time.Time }

type phaseKind int

const (
	absent phaseKind = iota // not in the table
	isAsking
	isReserved
	isDialing
	isRinging
	isAwaiting
	isOverdue
	isLive
	isReconnecting
	isSendingDigits
	isTransferred
	isEnded
	isUnconfirmed
)

func (*asking) kind() phaseKind       { return isAsking }
func (*reserved) kind() phaseKind     { return isReserved }
func (dialing) kind() phaseKind       { return isDialing }
func (ringing) kind() phaseKind       { return isRinging }
func (awaiting) kind() phaseKind      { return isAwaiting }
func (overdue) kind() phaseKind       { return isOverdue }
func (*live) kind() phaseKind         { return isLive }
func (*reconnecting) kind() phaseKind { return isReconnecting }
func (sendingDigits) kind() phaseKind { return isSendingDigits }
func (*transferred) kind() phaseKind  { return isTransferred }
func (*ended) kind() phaseKind        { return isEnded }
func (*unconfirmed) kind() phaseKind  { return isUnconfirmed }

// followers are the phases that may follow each. What is not here is refused. A call goes from any phase that has an
// agent, or had one, to absent when another instance has it.
var followers = map[phaseKind][]phaseKind{
	absent:          {isAsking, isReserved, isAwaiting, isUnconfirmed},
	isAsking:        {isAwaiting, isUnconfirmed, absent},
	isReserved:      {isDialing, absent},
	isDialing:       {isRinging, isAwaiting, isEnded, absent},
	isRinging:       {isAwaiting, isEnded, absent},
	isAwaiting:      {isLive, isOverdue, isEnded, absent},
	isOverdue:       {isAwaiting, isEnded, absent},
	isLive:          {isReconnecting, isSendingDigits, isTransferred, isEnded, absent},
	isReconnecting:  {isAwaiting, isEnded, absent},
	isSendingDigits: {isLive, isOverdue, isEnded, absent},
	isTransferred:   {isAwaiting, isEnded, absent},
	isEnded:         {absent},
	isUnconfirmed:   {isAwaiting, absent},
}

func kindOf(p phase) phaseKind {
	if p == nil {
		return absent
	}
	return p.kind()
}

func mayFollow(from, to phase) bool { return slices.Contains(followers[kindOf(from)], kindOf(to)) }

// places is how many of the instance's places a call in a phase takes: none if it holds no agent and will get none by
// itself.
func places(p phase) int {
	switch p.(type) {
	case *reserved, dialing, ringing, awaiting, sendingDigits, *live, *reconnecting:
		return 1
	case *asking, overdue, *transferred, *ended, *unconfirmed:
	}
	return 0
}

// forgotten tells whether nobody asks any more about a call.
func forgotten(p phase, now time.Time) bool {
	switch p := p.(type) {
	case *ended:
		return now.After(p.until)
	case *unconfirmed:
		return now.After(p.until)
	case *asking, *reserved, dialing, ringing, awaiting, overdue, sendingDigits, *live, *reconnecting, *transferred:
	}
	return false
}

// callIn is the call in a phase; nil where there is none yet, or none any more.
func callIn(p phase) *Call {
	switch p := p.(type) {
	case awaiting:
		return p.call
	case sendingDigits:
		return p.call
	case overdue:
		return p.call
	case *live:
		return p.call
	case *reconnecting:
		return p.call
	case *transferred:
		return p.call
	case *asking, *reserved, dialing, ringing, *ended, *unconfirmed:
	}
	return nil
}

// waits is the call that has no stream yet, in a phase in which there may come one; nil in any other.
func waits(p phase) *waiting {
	switch p := p.(type) {
	case awaiting:
		return p.waiting
	case sendingDigits:
		return p.waiting
	case overdue:
		return p.waiting
	case *asking, *reserved, dialing, ringing, *live, *reconnecting, *transferred, *ended, *unconfirmed:
	}
	return nil
}

// rings is the call that we place, in a phase in which nobody has answered it; nil in any other.
func rings(p phase) *placed {
	switch p := p.(type) {
	case dialing:
		return p.placed
	case ringing:
		return p.placed
	case *asking, *reserved, awaiting, overdue, sendingDigits, *live, *reconnecting, *transferred, *ended, *unconfirmed:
	}
	return nil
}

// known tells whether a call in a phase is here, or was a moment ago: somebody has answered it, or it came in.
func known(p phase) bool {
	_, over := p.(*ended)
	return over || callIn(p) != nil
}

// hasAgent tells whether a call in a phase talks, or will as soon as it has a stream.
func hasAgent(p phase) bool {
	_, put := p.(*transferred)
	return callIn(p) != nil && !put
}
