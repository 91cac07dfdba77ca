package permits

import (
	"slices"
	"time"
)

// EventType says what a dialer reports of its call.
type EventType string

// The events, in the order in which they happen. They may be reported in any order.
const (
	Created       EventType = "created"        // the dialer's carrier has the call
	Ringing       EventType = "ringing"        // the telephone rings
	Answered      EventType = "answered"       // a person or a machine took the call
	OpeningPlayed EventType = "opening_played" // the opening was heard to its end
	OptedOut      EventType = "opted_out"      // the person said or keyed stop: Words
	Ended         EventType = "ended"          // the call is over: Outcome
)

// EventTypes is all of them.
var EventTypes = []EventType{Created, Ringing, Answered, OpeningPlayed, OptedOut, Ended}

// Outcomes is what an ended event may say, in the call log's words.
var Outcomes = []string{"caller_hung_up", "agent_ended", "transferred", "opted_out", "voicemail", "no_answer",
	"busy", "failed"}

// Event is one report. The same ID again is answered as the first time.
type Event struct {
	ID      string // the dialer's own
	Type    EventType
	At      time.Time
	CallRef string // the dialer's name for the call; the first event binds the permit to it
	To      string // the number called, E.164; empty if the dialer doesn't repeat it
	Words   string // of an opted_out
	Outcome string // of an ended; may be empty
}

// Answer is what a report is answered with, now and each time it is sent again.
type Answer struct {
	Status  int    // 201, or 409 with the problem
	Problem string // empty if the event was taken
}

// What keeps an event from being taken. It is recorded all the same.
const (
	problemUsedTwice = "the permit was already used for another call_ref"
	problemTooLate   = "the permit had expired before the first event"
	problemNumber    = "the permit is for another number"
	problemSameID    = "the id was already used for another event"
	problemTooMany   = "the permit has reached its limit of events"
)

// maxEvents bounds the events that are kept of one permit.
const maxEvents = 64

// Reported is an event of which a permit has heard.
type Reported struct {
	Type EventType
	At   time.Time
}

// judge says how an event is answered. It changes nothing.
func (r *Record) judge(e Event) Answer {
	switch {
	case len(r.Events) >= maxEvents && (e.Type != Ended || r.has(Ended)): // or events without end would hide one
		return Answer{409, problemTooMany}
	case e.To != "" && e.To != r.request.To.E164():
		return Answer{409, problemNumber}
	case r.CallRef != "" && r.CallRef != e.CallRef:
		return Answer{409, problemUsedTwice}
	case r.CallRef == "" && e.At.After(r.ExpiresAt):
		return Answer{409, problemTooLate}
	}
	return Answer{Status: 201}
}

// has tells whether an event of a type was reported.
func (r *Record) has(t EventType) bool {
	return slices.ContainsFunc(r.Events, func(h Reported) bool { return h.Type == t })
}

// outcome is what a call came to, as far as the dialer has said.
func (r *Record) outcome(e Event) string {
	switch {
	case r.has(OptedOut):
		return "opted_out"
	case e.Outcome != "":
		return e.Outcome
	case r.has(Answered):
		return "caller_hung_up"
	}
	return "no_answer"
}
