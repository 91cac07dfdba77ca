// Package twilio is the telephone's side of a call: the Media Streams socket
// ([Accept], [Stream]), the signatures and fields of Twilio's webhooks ([Validator],
// [ParseVoice]), and the few requests we make of its REST API ([Client]).
//
// A stream reads and writes by verb, in Twilio's own words. [Stream.Receive] returns
// one [Event] at a time; [Stream.SendMedia], [Stream.SendMark] and [Stream.Clear] feed
// the buffer from which Twilio plays to the caller. Sound is headerless µ-law at 8 kHz,
// one byte a sample, both ways; this package moves it and does not look inside.
//
// What it knows of the wire is from the pages "Media Streams - WebSocket messages",
// "Security" and "Voice webhooks" of Twilio's documentation.
package twilio
