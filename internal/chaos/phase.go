package chaos

import (
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// Phase is where a call is, as it looks from outside.
type Phase string

// The phases.
const (
	before       Phase = "before"       // it has not begun
	dialing      Phase = "dialing"      // the carrier has been asked, or will be
	ringing      Phase = "ringing"      // no line yet
	connecting   Phase = "connecting"   // a line, and no agent yet
	opening      Phase = "opening"      // the first second of the first line
	live         Phase = "live"         // a line and an agent
	reconnecting Phase = "reconnecting" // a line, and its agent is gone
	disconnected Phase = "disconnected" // its line is gone
	transferred  Phase = "transferred"  // put through
	farewell     Phase = "farewell"     // the carrier speaks the fallback
	ended        Phase = "ended"
)

// Phases is all of them in which something may happen.
var Phases = []Phase{dialing, ringing, connecting, opening, live, reconnecting, disconnected, transferred, farewell, ended}

// Pair is an event in a phase.
type Pair struct {
	Phase Phase
	Event string
}

// Possible tells whether an event can happen in a phase.
func Possible(p Phase, e *Event) bool {
	if e.Early {
		return p == dialing
	}
	switch p {
	case connecting, reconnecting:
		return e.Needs != NeedsAgent
	case opening, live:
		return true
	}
	return e.Needs == NeedsNothing
}

// phase is where the call is.
func (t *Talk) phase() Phase {
	line, agent := t.line(), t.agent()
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.began.IsZero():
		return before
	case t.call == nil && !t.placedFor():
		return dialing
	case t.call == nil, t.call.State().Terminal():
		return ended
	}
	if line == nil {
		return t.streamless()
	}
	switch {
	case agent == nil && len(t.agents) == 0:
		return connecting
	case time.Since(t.lines[0].opened) < time.Second:
		return opening
	case agent != nil:
		return live
	}
	return reconnecting
}

// placedFor tells whether the order is so old that no telephone will ring. t.mu is held.
func (t *Talk) placedFor() bool { return time.Since(t.began) > 5*time.Second }

// streamless is the phase of a call without a line. t.mu is held.
func (t *Talk) streamless() Phase {
	steps := t.call.Followed()
	if len(steps) > 0 {
		switch steps[len(steps)-1].(type) {
		case carrier.Transfer:
			return transferred
		case carrier.Say:
			return farewell
		default: // a line that it has, or had
		}
	}
	if len(t.lines) > 0 {
		return disconnected
	}
	return ringing
}
