// Package twiliotest is a telephone that behaves as Twilio does, for tests and for
// trying the product out with no account: it dials the voice webhook with a signed
// request, follows the TwiML it gets, opens the media socket, plays what it is sent at
// the speed of sound, and tells what a caller would have heard.
//
//	phone := &twiliotest.Phone{Bridge: "http://127.0.0.1:8080", AuthToken: "0123456789abcdef"}
//	call, err := phone.Dial(ctx, "+14155550142", "+14155550100")
//	...
//	call.Speak(ulaw)
//	call.HangUp()
//	<-call.Done()
//
// [API] is the part of Twilio's REST API that acts on the phone's calls.
//
// The package speaks the true wire over true sockets and knows nothing of the code at
// the other end. What real Twilio would report about that end is in [Call.Faults]; a
// test should end by looking there. It cannot show what Twilio does not document, such
// as how long a handshake may take.
package twiliotest
