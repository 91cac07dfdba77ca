package api

import (
	"encoding/json"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// CallRequest is the body of POST /v1/calls.
type CallRequest struct {
	To      string          `json:"to"`
	From    string          `json:"from,omitempty"` // defaults to the one number that the agent answers
	Agent   string          `json:"agent"`
	Purpose consent.Purpose `json:"purpose,omitempty"` // defaults to the agent's own
	// whether anything in the call promotes something; defaults to true, or to the agent's own
	Marketing *bool  `json:"contains_marketing,omitempty"`
	Subject   string `json:"subject,omitempty"` // some states count calls on one subject
	// what the agent is told; the service takes numbers and booleans, too
	Variables map[string]string `json:"variables,omitempty"`
	Location  consent.Location  `json:"location,omitzero"` // where the person is
}

// Placed is the answer of POST /v1/calls.
type Placed struct {
	Call     calllog.Call     `json:"call"`
	Decision consent.Decision `json:"decision"`
}

// CallFilter is the query of GET /v1/calls; its zero value takes the 50 newest.
type CallFilter struct {
	Agent         string `query:"agent"`
	Cursor        string `query:"cursor"`    // Next of an earlier page
	Direction     string `query:"direction"` // inbound or outbound
	ID            string `query:"id"`        // the beginning of a call's id
	Limit         int    `query:"limit"`     // 1 to 200
	Live          *bool  `query:"live"`
	Outcome       string `query:"outcome"` // one of calllog.Outcomes
	TwilioCallSID string `query:"twilio_call_sid"`
}

// CallList is the answer of GET /v1/calls: a page, the newest first, without entries.
type CallList struct {
	Calls []calllog.Call `json:"calls"`
	Next  string         `json:"next,omitempty"` // cursor of the next page; empty on the last
}

// Say is the body of POST /v1/calls/{id}/say.
type Say struct {
	Text string `json:"text"` // what the agent says, word for word, in 1 to 1000 bytes
}

// Transfer is the body of POST /v1/calls/{id}/transfer.
type Transfer struct {
	To      string `json:"to"`                // a name or a number of the agent's transfer_to
	Summary string `json:"summary,omitempty"` // what they hear before the caller is joined
}

// Accepted is the answer to an order that a live call was given: it is under way.
type Accepted struct {
	Status string `json:"status"` // accepted
}

// RecordingQuery is the query of GET /v1/calls/{id}/recording.
type RecordingQuery struct {
	Message int `query:"message"` // that spoken message of the caller, from 1; else the call
}

// The names of the server-sent events of GET /v1/calls/{id}/events.
const (
	EventEntry        = "entry"        // a calllog.Entry, again under its seq when more is known of it
	EventEnd          = "end"          // the call is over: the last event
	EventUnauthorized = "unauthorized" // the key has ended: a Problem, and the last event
)

// Tool is what agents can do, as GET /v1/tools shows it.
type Tool struct {
	Name        string          `json:"name"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"` // a JSON Schema
}

// ToolList is the answer of GET /v1/tools.
type ToolList struct {
	Tools []Tool `json:"tools"`
}
