package twiml

import (
	"fmt"

	"github.com/twilio/twilio-go/twiml"
)

// Reason is why a call is refused, in Twilio's words.
type Reason string

// The reasons that <Reject> knows.
const (
	Rejected Reason = "rejected" // the caller hears that the number is not in service
	Busy     Reason = "busy"     // the caller hears the busy tone
)

// Reject refuses a call that has not been answered; Twilio does not bill it. Any other
// reason than the two is an error.
func Reject(reason Reason) (string, error) {
	if reason != Rejected && reason != Busy {
		return "", fmt.Errorf("twiml: reject reason is %q: want %q or %q", reason, Rejected, Busy)
	}
	return document(twiml.VoiceReject{Reason: string(reason)}), nil
}

// Fallback is what a caller gets in place of the agent: the sentence say, then the
// number dial (E.164), then the end of the call. Either may be empty and is left out
// then; dial gets Twilio's ring timeout of 30 s.
func Fallback(say, dial string) string {
	var verbs []twiml.Element
	if say != "" {
		verbs = append(verbs, twiml.VoiceSay{Message: say})
	}
	if dial != "" {
		verbs = append(verbs, twiml.VoiceDial{Number: dial})
	}
	return document(append(verbs, twiml.VoiceHangup{})...)
}

// Hangup ends the call.
func Hangup() string { return document(twiml.VoiceHangup{}) }

// Message answers a text with a text. Twilio sends at most 1600 characters.
func Message(text string) string {
	doc, err := twiml.Messages([]twiml.Element{twiml.MessagingMessage{Body: text}})
	if err != nil { // it writes into memory
		panic("twiml: internal error: " + err.Error())
	}
	return doc
}

// Empty is <Response/>: the answer to a webhook that wants TwiML when there is nothing
// to do. In a call it means hang up; to a message, no reply.
func Empty() string { return document() }

func document(verbs ...twiml.Element) string {
	doc, err := twiml.Voice(verbs)
	if err != nil { // it writes into memory
		panic("twiml: internal error: " + err.Error())
	}
	return doc
}
