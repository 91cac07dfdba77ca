// Package twiliocarrier is Twilio as a [carrier.Carrier]: its Media Streams are lines
// ([NewLine]), its Calls API places and ends calls ([New]), its webhooks are read
// ([Incoming], [Status]), and every [carrier.Step] becomes TwiML here and nowhere else
// ([Documents]).
//
// Twilio asks the service at these paths: /twilio/answer, /twilio/status and /twilio/amd of
// a call that was placed, /twilio/next after a stream and a transfer, /twilio/media for the
// stream itself, /twilio/stream about it, /twilio/whisper for whoever takes a transfer.
package twiliocarrier
