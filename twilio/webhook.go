package twilio

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

// CallStatus is where a call is in its life, in Twilio's words.
type CallStatus string

// The words of Twilio's "Call status values".
const (
	Queued     CallStatus = "queued"
	Initiated  CallStatus = "initiated"
	Ringing    CallStatus = "ringing"
	InProgress CallStatus = "in-progress"
	Completed  CallStatus = "completed"
	Busy       CallStatus = "busy"
	NoAnswer   CallStatus = "no-answer"
	Canceled   CallStatus = "canceled"
	Failed     CallStatus = "failed"
)

// Terminal reports whether nothing comes after s. Callbacks arrive in any order: a
// later one must not move a call out of a terminal status.
func (s CallStatus) Terminal() bool {
	switch s {
	case Completed, Busy, NoAnswer, Canceled, Failed:
		return true
	}
	return false
}

// Voice is what a webhook that asks for TwiML tells about the call. Only CallSID is
// always there; other fields are empty where Twilio sends none.
type Voice struct {
	CallSID       CallSID
	AccountSID    string
	From, To      Party
	Direction     string // "inbound", "outbound-api", "outbound-dial"
	Status        CallStatus
	ForwardedFrom Party
	ParentCallSID string
	StirVerstat   string // the carrier's word on From, such as "TN-Validation-Passed-A"
	AnsweredBy    string // "human", "machine_start", … if an outbound call asked for it
	ErrorCode     int    // why this is the fallback webhook; else 0

	DialStatus  CallStatus // how a <Dial> before this ended; Twilio's DialCallStatus
	DialBridged string     // whether it joined anybody: "true", "false", or empty where Twilio does not say
	Digits      string     // keys that a <Gather> before this took
}

// Answered is what DialCallStatus may be, beside [Completed], of a <Dial> that somebody
// took.
const Answered CallStatus = "answered"

// PassedA is the one StirVerstat by which the carrier knows the caller, and that the number is
// theirs. Of a call that was forwarded it says so of somebody else, by another word.
const PassedA = "TN-Validation-Passed-A"

// ParseVoice reads the form of a voice webhook, such as [Validator.Webhook] returned.
func ParseVoice(form url.Values) (Voice, error) {
	f := fields{form: form}
	v := Voice{
		CallSID: f.callSID(), AccountSID: form.Get("AccountSid"),
		From: Party(form.Get("From")), To: Party(form.Get("To")),
		Direction: form.Get("Direction"), Status: CallStatus(form.Get("CallStatus")),
		ForwardedFrom: Party(form.Get("ForwardedFrom")), ParentCallSID: form.Get("ParentCallSid"),
		StirVerstat: form.Get("StirVerstat"), AnsweredBy: form.Get("AnsweredBy"),
		ErrorCode: f.number("ErrorCode", 0), DialStatus: CallStatus(form.Get("DialCallStatus")),
		DialBridged: form.Get("DialBridged"), Digits: form.Get("Digits"),
	}
	return v, f.error("voice")
}

// Status is what a status callback tells.
type Status struct {
	CallSID         CallSID
	AccountSID      string
	Status          CallStatus
	SequenceNumber  int           // from 0, in the order of events; -1 if Twilio sent none
	CallDuration    time.Duration // whole seconds; 0 until the call has ended
	SIPResponseCode int           // such as 486; 0 if there is none
	AnsweredBy      string
	ErrorCode       int // 0 if there is none
}

// ParseStatus reads the form of a status callback.
func ParseStatus(form url.Values) (Status, error) {
	f := fields{form: form}
	s := Status{
		CallSID: f.callSID(), AccountSID: form.Get("AccountSid"),
		Status: CallStatus(f.required("CallStatus")), SequenceNumber: f.number("SequenceNumber", -1),
		CallDuration:    time.Duration(f.number("CallDuration", 0)) * time.Second,
		SIPResponseCode: f.number("SipResponseCode", 0),
		AnsweredBy:      form.Get("AnsweredBy"), ErrorCode: f.number("ErrorCode", 0),
	}
	return s, f.error("status")
}

// StreamStatus is what the statusCallback of a <Stream> tells. It is the only word we
// get of a socket that never reached us.
type StreamStatus struct {
	CallSID   CallSID
	StreamSID StreamSID
	Name      string // the stream's, or its SID
	Event     string // "stream-started", "stream-stopped", "stream-error"
	Error     string // Twilio's text, of an error
}

// ParseStreamEvent reads the form of a stream's status callback.
func ParseStreamEvent(form url.Values) (StreamStatus, error) {
	f := fields{form: form}
	s := StreamStatus{
		CallSID: f.callSID(), StreamSID: StreamSID(form.Get("StreamSid")), Name: form.Get("StreamName"),
		Event: f.required("StreamEvent"), Error: form.Get("StreamError"),
	}
	return s, f.error("stream status")
}

// fields reads a form and gathers what is wrong with it. No value is in an error.
type fields struct {
	form url.Values
	errs []error
}

func (f *fields) callSID() CallSID {
	sid, err := ParseCallSID(f.form.Get("CallSid"))
	if err != nil {
		f.errs = append(f.errs, fmt.Errorf("CallSid: %w", err))
	}
	return sid
}

func (f *fields) required(name string) string {
	value := f.form.Get(name)
	if value == "" {
		f.errs = append(f.errs, fmt.Errorf("%s is missing", name))
	}
	return value
}

// maxField bounds the numbers in webhooks; as seconds it is more than three years.
const maxField = 100_000_000

func (f *fields) number(name string, absent int) int {
	value := f.form.Get(name)
	if value == "" {
		return absent
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > maxField {
		f.errs = append(f.errs, fmt.Errorf("%s: want a whole number from 0 to %d", name, maxField))
		return absent
	}
	return n
}

func (f *fields) error(webhook string) error {
	if len(f.errs) == 0 {
		return nil
	}
	return fmt.Errorf("twilio: %s webhook: %w", webhook, errors.Join(f.errs...))
}
