package twiml

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/twilio/twilio-go/twiml"
)

// Dial puts whoever is on the line through to somebody.
type Dial struct {
	Number   string        // E.164
	CallerID string        // what that telephone shows; empty for Twilio's default, the number of who called
	Timeout  time.Duration // of ringing, in whole seconds

	// Action is the webhook that hears how it ended (DialCallStatus), and says what the
	// call follows then.
	Action string

	// Answered is the webhook that hears when somebody took the call. Optional.
	Answered string

	// Screen is the webhook whose TwiML whoever answers hears before the two are joined,
	// see [Screen]. Without it they are joined at once.
	Screen string
}

// PutThrough is the document of a Dial:
//
//	<Dial action timeout answerOnBridge callerId><Number url statusCallback>…</Number></Dial>
//
// The caller hears it ring until the two are joined. What follows is Action's affair.
func PutThrough(d Dial) string {
	number := twiml.VoiceNumber{PhoneNumber: d.Number, Url: d.Screen}
	if d.Answered != "" {
		number.StatusCallback, number.StatusCallbackEvent = d.Answered, "answered"
	}
	return document(twiml.VoiceDial{Action: d.Action, Timeout: seconds(d.Timeout), CallerId: d.CallerID, AnswerOnBridge: "true",
		InnerElements: []twiml.Element{number}})
}

// Screen is what somebody hears who is rung by a [Dial] before they are joined with the
// caller. A key asks taken, whose answer is [Empty] to join them; without one within
// patience after the sentence they are hung up, so that no answering machine takes the
// call:
//
//	<Gather numDigits="1" timeout action><Say>…</Say></Gather><Hangup/>
//
// Any key but # counts, which is <Gather>'s own.
func Screen(say, taken string, patience time.Duration) string {
	gather := twiml.VoiceGather{NumDigits: "1", Timeout: seconds(patience), Action: taken,
		InnerElements: []twiml.Element{twiml.VoiceSay{Message: plain(say)}}}
	return document(gather, twiml.VoiceHangup{})
}

// seconds is a time as TwiML has it: whole seconds, empty for zero.
func seconds(d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}

// plain is a text that somebody else wrote as XML can carry it: what has no place there
// becomes a space.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError || r == '\ufffe' || r == '\uffff'
	}), " ")
}
